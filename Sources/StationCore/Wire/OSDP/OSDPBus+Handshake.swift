// The secure channel: how it comes about, and the ways in which it must not.
//
//   ACU                                              PD
//   CHLNG  RND.A, "with your own key"   ──────────►
//                                       ◄──────────  CCRYPT  cUID, RND.B, client cryptogram
//   verified: it has the key
//   SCRYPT server cryptogram            ──────────►  verified: so have we
//                                       ◄──────────  RMAC_I
//   verified: it follows from the above, so the first MAC is nobody else's

import EventLoop

extension OSDPBus {
    /// After PDCAP.
    mutating func described(
        _ index: Int, _ capabilities: OSDPCapabilities, at now: Instant,
        _ outputs: inout OSDPOutputs
    ) {
        if peers[index].isClear {
            arrive(index, at: now, &outputs)
            return
        }
        let (choice, key) = peers[index].choice
        guard capabilities.hasSecureChannel else {
            return fail(index, .downgraded, at: now, &outputs)
        }
        guard key != nil else { return fail(index, .noKey, at: now, &outputs) }
        peers[index].phase = .challenging(choice)
        peers[index].due = now
    }

    /// An answer to CHLNG or SCRYPT that is no clear NAK.
    mutating func takeHandshake(
        _ frame: OSDPFrame, _ code: OSDPReplyCode?, _ index: Int, at now: Instant,
        _ outputs: inout OSDPOutputs
    ) {
        guard let block = frame.block else {
            peers[index].counters.clearReplies += 1
            return fail(index, .clearReply, at: now, &outputs)
        }
        let reply = parse(frame, code, frame.payload.count, index)
        switch (peers[index].phase, block.kind, reply) {
        case (.challenging(let choice), .clientCryptogram, .clientCryptogram(let half)?):
            guard block.value == choice.rawValue else {
                return fail(
                    index, choice == .own ? .defaultKeyClaimed : .notInInstallMode, at: now,
                    &outputs)
            }
            verify(half, choice, index, at: now, &outputs)
        case (.examining, .clientCryptogram, .clientCryptogram(let half)?):
            let hasDefault =
                block.value == OSDPSecurityBlock.defaultKey && isGenuine(half, index)
            fail(index, hasDefault ? .installMode : .wrongKey, at: now, &outputs)
        case (.proving(let choice), .initialMAC, .initialMAC(let mac)?):
            verify(mac, block, choice, index, at: now, &outputs)
        case (.challenging, _, _), (.examining, _, _), (.proving, _, _):
            fail(index, .clearReply, at: now, &outputs)
        case (.identifying, _, _), (.describing, _, _), (.settingKey, _, _), (.up, _, _):
            peers[index].counters.strays += 1
        }
    }

    private func isGenuine(_ half: OSDPClientCryptogram, _ index: Int) -> Bool {
        guard let keys = peers[index].keys else { return false }
        let expected = keys.clientCryptogram(
            acuRandom: peers[index].acuRandom, pdRandom: half.random)
        return areEqualInConstantTime(expected, half.cryptogram)
    }

    private mutating func verify(
        _ half: OSDPClientCryptogram, _ choice: OSDPPeer.KeyChoice, _ index: Int,
        at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        guard isGenuine(half, index), let keys = peers[index].keys else {
            if choice == .factoryDefault {
                return fail(index, .notInInstallMode, at: now, &outputs)
            }
            // Which wrong key? The crew would like to know; nothing else follows from the answer.
            answered(index, at: now)
            peers[index].phase = .examining
            peers[index].due = now
            return
        }
        answered(index, at: now)
        peers[index].serverCryptogram = keys.serverCryptogram(
            acuRandom: peers[index].acuRandom, pdRandom: half.random)
        peers[index].phase = .proving(choice)
        peers[index].due = now
    }

    private mutating func verify(
        _ mac: UInt128, _ block: OSDPSecurityBlock, _ choice: OSDPPeer.KeyChoice, _ index: Int,
        at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        guard block.value == OSDPSecurityBlock.accepted else {
            return fail(index, .refused, at: now, &outputs)
        }
        guard let keys = peers[index].keys,
            areEqualInConstantTime(
                keys.initialMAC(serverCryptogram: peers[index].serverCryptogram), mac)
        else { return fail(index, .wrongInitialMAC, at: now, &outputs) }
        answered(index, at: now)
        peers[index].session = .acu(keys, initialMAC: mac)
        peers[index].keys = nil
        peers[index].counters.sessions += 1
        switch choice {
        case .factoryDefault:
            peers[index].phase = .settingKey
            peers[index].due = now
        case .own:
            if peers[index].install != nil {
                peers[index].storedKeys = OSDPReaderKeys(key: peers[index].install?.key)
                outputs.news(index, .keyProven)
                peers[index].install = nil
                outputs.news(index, .installEnded(.done))
            } else if peers[index].isKeyDoubtful {
                peers[index].storedKeys = OSDPReaderKeys(key: peers[index].key)
                outputs.news(index, .keyProven)
            }
            arrive(index, at: now, &outputs)
        }
    }

    // MARK: Install mode

    /// Gives one PD a key of its own: it must be in its own install mode, as its manual says.
    ///
    /// Only ever by a person's command, since the first key goes over the line under one that
    /// everybody knows. Random bytes for the key come from `replenish`.
    ///
    /// - Parameter window: at most `OSDPTimings.install`.
    /// - Returns: why it did not begin, or `nil`. `installEnded` follows in any case.
    public mutating func install(
        _ peer: Int, for window: Interval = OSDPTimings.install, at now: Instant
    ) -> OSDPInstallRefusal? {
        if let other = peers.indices.first(where: { $0 != peer && peers[$0].install != nil }) {
            return .another(peer: other)
        }
        if peers[peer].isClear { return .inTheClear }
        if peers[peer].session != nil, peers[peer].isUp { return .alreadySecured }
        let length = min(max(window, .zero), OSDPTimings.install)
        peers[peer].install = OSDPPeer.Install(until: now + length)
        // The frame under way is no longer waited for as what it was.
        if exchange?.peer == peer { abandonExchange() }
        peers[peer].startAfresh()
        peers[peer].setbacks = 0
        peers[peer].due = now
        return nil
    }

    /// Ends install mode before its time. Nothing happens when there is none.
    public mutating func cancelInstall(
        _ peer: Int, at now: Instant, into outputs: inout OSDPOutputs
    ) {
        guard let install = peers[peer].install else { return }
        endInstall(peer, .cancelled(keySent: install.isProving), at: now, &outputs)
    }

    /// KEYSET was answered, somehow: the proof of the key is a channel under it.
    mutating func prove(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        if exchange?.peer == index { endExchange(at: now) }
        peers[index].install?.isProving = true
        peers[index].startAfresh()
        peers[index].misses = 0
        peers[index].due = now
    }

    /// The key that was chosen is in a store: now it may go out. `chosenKey` is `nil` afterwards.
    public mutating func keyKept(_ peer: Int, at now: Instant) {
        guard peers[peer].install?.key != nil else { return }
        peers[peer].install?.isKept = true
        if peers[peer].phase == .settingKey { peers[peer].due = now }
    }

    /// No store would take the key: install mode is over, and nothing was sent.
    public mutating func keyNotKept(
        _ peer: Int, at now: Instant, into outputs: inout OSDPOutputs
    ) {
        guard let install = peers[peer].install, install.key != nil, !install.isKept else { return }
        endInstall(peer, .notKept, at: now, &outputs)
    }

    /// The key that waits for `keyKept`.
    public func chosenKey(_ peer: Int) -> OSDPKey? {
        guard let install = peers[peer].install, !install.isKept else { return nil }
        return install.key
    }

    /// The key that the PD has shown to have.
    public func provenKey(_ peer: Int) -> OSDPKey? {
        peers[peer].isKeyDoubtful ? nil : peers[peer].key
    }

    mutating func endInstall(
        _ index: Int, _ ending: OSDPInstallEnding, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        if let install = peers[index].install, install.isProving, let key = install.key {
            // It may have this key or the one before.
            peers[index].storedKeys = OSDPReaderKeys(key: peers[index].key, candidate: key)
        }
        peers[index].install = nil
        outputs.news(index, .installEnded(ending))
        if exchange?.peer == index { abandonExchange() }
        peers[index].startAfresh()
        peers[index].due = now
    }
}
