/// Where a kernel finds the operand it wants packed: packed once, or packed in each pass.
enum PackedOperand {
    case constant(Address)
    case temporary(PlanBuilder.Temporary)

    func address(_ resolver: PlanBuilder.Resolver) -> Address {
        switch self {
        case .constant(let address): address
        case .temporary(let temporary): resolver.address(temporary)
        }
    }
}
