extension WireCase {
    /// Plays the case against the server at `path`. Blocking.
    ///
    /// - Returns: where the answer is not the documented one.
    func complaints(at path: String) throws -> [String] {
        let connection = try RawConnection(path)
        connection.send(bytes())
        if finally == "half" { connection.endSending() }
        if finally == "close" { return [] }
        guard let status else {
            let rest = try connection.rest()
            return rest == WireCase.bytes(hex: replyHex ?? "")
                ? [] : ["found \(rest), expected other bytes and the end"]
        }
        guard let reply = try connection.reply() else { return ["no reply, expected \(status)"] }
        var complaints = complaints(about: reply, status)
        if let then { connection.send(WireCase.expanded(then)) }
        for further in further ?? [] {
            guard let reply = try connection.reply() else { return complaints + ["no further reply"] }
            if reply.status != further {
                complaints.append("found \(reply.status) \(reply.body), expected a further \(further)")
            }
        }
        if ends == true {
            let rest = try connection.rest()
            if !rest.isEmpty { complaints.append("found \(rest), expected nothing more") }
        } else {
            connection.send(Sound.request)
            let next = try connection.reply()
            if next?.status != 200 { complaints.append("the connection did not live on") }
        }
        return complaints
    }

    private func complaints(about reply: RawConnection.Reply, _ status: Int) -> [String] {
        var complaints: [String] = []
        if reply.status != status { complaints.append("found \(reply.status), expected \(status): \(reply.body)") }
        for fragment in contains ?? [] where !reply.body.contains(fragment) {
            complaints.append("found \(reply.body), expected \(fragment)")
        }
        for fragment in lacks ?? [] where reply.body.contains(fragment) {
            complaints.append("found \(reply.body), expected no \(fragment)")
        }
        if let replyBodyHex, reply.bytes != WireCase.bytes(hex: replyBodyHex) {
            complaints.append("found \(reply.body), expected other bytes")
        }
        for (name, value) in replyHeaders ?? [:] where reply.headers[name.lowercased()] != value {
            complaints.append("found \(reply.headers), expected \(name): \(value)")
        }
        return complaints
    }
}
