//! Is the way to PostgreSQL encrypted where that was asked for, and is nobody believed who should not be?

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use yorisoi_ledger::{Ledger, LedgerError, Place};

use crate::common::server::Server;
use crate::common::{added, told};

/// An authority of the test's own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server whose certificate says `localhost`, and the authority's certificate as a file.
fn encrypted() -> (Server, TempDir) {
    let authority = authority();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
    let other = self::authority().pem();
    std::fs::write(folder.path().join("other.pem"), other).unwrap();
    (Server::start_encrypted(&certificate.pem(), &key.serialize_pem()), folder)
}

/// Opens a ledger with a way of its own, and writes an entry.
fn open(url: &str, rest: &str) -> Result<(), LedgerError> {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Postgres { url: format!("{url}{rest}"), folder: folder.path().to_owned() };
    let ledger = Ledger::open(&place)?;
    told(&ledger, [added(1, "somebody")]);
    Ok(())
}

fn why(opened: Result<(), LedgerError>) -> String {
    opened.unwrap_err().to_string()
}

#[test]
fn a_server_without_tls_is_refused_where_tls_was_asked_for() {
    let server = Server::start();
    for mode in ["require", "verify-ca", "verify-full"] {
        let refused = why(open(&server.new_database(), &format!("?sslmode={mode}")));
        assert!(refused.contains("server does not support TLS"), "{mode}: {refused}");
    }
    for mode in ["", "?sslmode=prefer", "?sslmode=disable"] {
        open(&server.new_database(), mode).unwrap();
    }
}

#[test]
fn tls_is_spoken_where_the_server_lets_nobody_in_without() {
    let (server, folder) = encrypted();
    let file = |name: &str| folder.path().join(name).display().to_string();
    for way in [String::new(), "?sslmode=require".to_owned()] {
        open(&server.new_database(), &way).unwrap();
    }
    let plain = why(open(&server.new_database(), "?sslmode=disable"));
    assert!(plain.contains("pg_hba.conf") || plain.contains("no encryption"), "{plain}");

    // Named by the address, which is not in the certificate: the authority is known, the name is not.
    let (ca, other) = (file("ca.pem"), file("other.pem"));
    let by_address = server.new_database();
    for mode in ["require", "verify-ca"] {
        open(&server.new_database(), &format!("?sslmode={mode}&sslrootcert={ca}")).unwrap();
        let stranger = why(open(&by_address, &format!("?sslmode={mode}&sslrootcert={other}")));
        assert!(stranger.contains("invalid peer certificate"), "{mode}: {stranger}");
    }
    let unnamed = why(open(&by_address, &format!("?sslmode=verify-full&sslrootcert={ca}")));
    assert!(unnamed.contains("certificate not valid for name"), "{unnamed}");
    let by_name = server.new_database().replace("127.0.0.1", "localhost");
    open(&by_name, &format!("?sslmode=verify-full&sslrootcert={ca}")).unwrap();
    // Without a file only those are believed whom browsers believe.
    let unknown = why(open(&by_name, "?sslmode=verify-full"));
    assert!(unknown.contains("invalid peer certificate"), "{unknown}");
}
