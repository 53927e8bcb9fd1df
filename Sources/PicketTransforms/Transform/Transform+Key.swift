extension Transform {
    /// What the variant is, in the words of the plugin guide: equal keys are equal pictures.
    public var key: String {
        switch self {
        case .bitDepth(let bits): "bit-depth:\(bits)"
        case .median(let side): "median:\(side)"
        case .nonLocalMeans(let search, let window, let strength):
            "nlm:\(search),\(window),\(Transform.text(strength))"
        case .jpeg(let quality): "jpeg:\(quality)"
        case .blur(let deviation): "blur:\(Transform.text(deviation))"
        case .totalVariation(let weight, let keep):
            "tv:\(Transform.text(weight))" + (keep < 1 ? ",\(Transform.text(keep))" : "")
        case .wavelet(let deviation): "wavelet:\(deviation.map(Transform.text) ?? "estimated")"
        case .noise(let deviation): "noise:\(Transform.text(deviation))"
        case .unclampedNoise(let deviation): "unclamped-noise:\(Transform.text(deviation))"
        case .deflection(let pixels, let window): "deflection:\(pixels),\(window)"
        case .shift(let right, let down): "shift:\(right),\(down)"
        case .rotate(let degrees): "rotate:\(Transform.text(degrees))"
        case .randomRotate(let limit): "random-rotate:\(Transform.text(limit))"
        case .scale(let factor): "scale:\(Transform.text(factor))"
        case .resizePad(let pixels): "resize-pad:\(pixels)"
        case .crop(let share): "crop:\(Transform.text(share))"
        case .flipHorizontal: "flip:horizontal"
        case .combination(let steps): steps.map(\.key).joined(separator: "+")
        case .choice(let transforms): "one-of(\(transforms.map(\.key).joined(separator: "|")))"
        }
    }

    /// The key in the letters that components' names have.
    public var label: String {
        var label = ""
        for character in key {
            switch character {
            case ",", "|", "(": label.append(":")
            case "+": label.append("--")
            case ")": continue
            default: label.append(character)
            }
        }
        return label
    }

    /// A number without needless zeros.
    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
