//! May a message go to this address? Nothing private, so that nobody can make us knock at inner doors.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is refused, in both languages.
pub(crate) type Why = (&'static str, &'static str);

pub(crate) const THIS_MACHINE: Why =
    ("it is this very machine", "このコンピューター自身のアドレスです。");
const NOBODY: Why = ("it names no machine", "相手先のないアドレスです。");
const PRIVATE: Why = ("it is a private address", "組織内部のアドレスです。");
const LINK_LOCAL: Why = ("it is a link-local address", "リンクローカルアドレスです。");
const SHARED: Why =
    ("it is an address shared inside a provider", "通信事業者の内部で共有されるアドレスです。");
const MANY: Why =
    ("it is no address of one machine", "一台のコンピューターを指すアドレスではありません。");
const TRANSLATED: Why =
    ("it is translated inside a network", "ネットワーク内部で変換されるアドレスです。");
const TUNNELLED: Why = ("it is tunnelled", "トンネル経由のアドレスです。");
const RESERVED: Why = ("it is reserved", "予約されたアドレスです。");
const DOCUMENTS: Why = ("it is reserved for documents", "文書のために予約されたアドレスです。");
const PROTOCOLS: Why = (
    "it is reserved for documents and protocols",
    "文書やプロトコルのために予約されたアドレスです。",
);
const MEASURING: Why = ("it is reserved for measuring", "計測のために予約されたアドレスです。");

/// Why an address is refused; `None`: it is a public one.
pub(crate) fn refusal(address: IpAddr) -> Option<Why> {
    match address {
        IpAddr::V4(v4) => refusal_v4(v4),
        IpAddr::V6(v6) => refusal_v6(v6),
    }
}

fn refusal_v4(v4: Ipv4Addr) -> Option<Why> {
    let [a, b, c, _] = v4.octets();
    match (a, b, c) {
        (127, ..) => Some(THIS_MACHINE),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Some(PRIVATE),
        (169, 254, _) => Some(LINK_LOCAL),
        (100, 64..=127, _) => Some(SHARED),
        (0, ..) => Some(NOBODY),
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) => Some(PROTOCOLS),
        (198, 18..=19, _) => Some(MEASURING),
        (224.., ..) => Some(MANY),
        _ => None,
    }
}

#[expect(clippy::match_same_arms, reason = "a table: narrow ranges before the wide ones")]
fn refusal_v6(v6: Ipv6Addr) -> Option<Why> {
    let segments = v6.segments();
    // Addresses that carry one of the older kind are as good as the one they carry.
    if let Some(v4) = v6.to_ipv4_mapped() {
        return refusal_v4(v4);
    }
    let carried = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some(NOBODY),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some(THIS_MACHINE),
        [0, 0, 0, 0, 0, 0, high, low] => refusal_v4(carried(high, low)).or(Some(RESERVED)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => refusal_v4(carried(high, low)),
        [0x64, 0xff9b, ..] => Some(TRANSLATED),
        [0x2002, high, low, ..] => refusal_v4(carried(high, low)),
        [0x2001, 0, ..] => Some(TUNNELLED),
        [0x2001, 0xdb8, ..] | [0x3fff, ..] | [0x100, 0, 0, 0, ..] => Some(DOCUMENTS),
        [0xfc00..=0xfdff, ..] => Some(PRIVATE),
        [0xfe80..=0xfeff, ..] => Some(LINK_LOCAL),
        [0xff00..=0xffff, ..] => Some(MANY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_special_addresses_are_refused_in_every_dress() {
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(refusal(address.parse().unwrap()).is_some(), "{address}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "172.15.0.1",
            "100.128.0.1",
            "192.0.3.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "64:ff9b::101:101",
            "::ffff:8.8.8.8",
        ] {
            assert_eq!(refusal(address.parse().unwrap()), None, "{address}");
        }
    }
}
