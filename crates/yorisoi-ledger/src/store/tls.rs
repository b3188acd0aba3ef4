//! How is the way to PostgreSQL encrypted, and who is believed to be at its other end?
//!
//! `sslmode` and `sslrootcert` of the database's URL mean what they mean to PostgreSQL's own programs. What was asked
//! for is done or refused: nothing that asks for TLS goes on without it.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use postgres::config::SslMode;
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::error::LedgerError;

/// What is asked of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belief {
    /// Nothing: whoever answers is believed.
    Anybody,
    /// A certificate that a known authority signed.
    Authority,
    /// The same, for the very name of the host.
    Host,
}

/// How a URL wants the way encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The URL without what is said here.
    pub(super) url: String,
    /// Whether there must be TLS, may be, or must not.
    pub(super) mode: SslMode,
    belief: Belief,
    roots: Option<PathBuf>,
}

impl Wanted {
    /// Takes `sslmode` and `sslrootcert` out of a URL. Without a mode TLS is used where the server has it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Unavailable`] for a mode that does not exist.
    pub(super) fn of(url: &str) -> Result<Self, LedgerError> {
        let (start, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut rest) = ("prefer".to_owned(), None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => value.clone_into(&mut mode),
                Some(("sslrootcert", value)) => roots = Some(PathBuf::from(decoded(value)?)),
                _ => rest.push(pair),
            }
        }
        let (mode, belief) = match mode.as_str() {
            "disable" => (SslMode::Disable, Belief::Anybody),
            "prefer" => (SslMode::Prefer, Belief::Anybody),
            // As PostgreSQL's own programs: where an authority is named, it is asked.
            "require" if roots.is_some() => (SslMode::Require, Belief::Authority),
            "require" => (SslMode::Require, Belief::Anybody),
            "verify-ca" => (SslMode::Require, Belief::Authority),
            "verify-full" => (SslMode::Require, Belief::Host),
            other => {
                return Err(refused(format!(
                    "`sslmode` is `{other}`; expected disable, prefer, require, verify-ca or verify-full"
                )));
            }
        };
        let separator = if rest.is_empty() { "" } else { "?" };
        let url = format!("{start}{separator}{}", rest.join("&"));
        Ok(Self { url, mode, belief, roots })
    }

    /// Returns what makes the connections.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Unavailable`] if the certificates of `sslrootcert` cannot be read.
    pub(super) fn maker(&self) -> Result<MakeTls, LedgerError> {
        let provider = Arc::new(ring::default_provider());
        let versions = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(format!("TLS cannot be had: {error}")))?;
        let checks = match self.belief {
            Belief::Anybody => Checks { provider, authority: None, belief: self.belief },
            Belief::Authority | Belief::Host => {
                let roots = Arc::new(self.roots()?);
                let authority =
                    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                        .build()
                        .map_err(|error| refused(format!("nobody can be believed: {error}")))?;
                Checks { provider, authority: Some(authority), belief: self.belief }
            }
        };
        let config = versions
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(checks))
            .with_no_client_auth();
        Ok(MakeTls(TlsConnector::from(Arc::new(config))))
    }

    /// The authorities that are believed: those of the file, else those that browsers believe.
    fn roots(&self) -> Result<RootCertStore, LedgerError> {
        let mut roots = RootCertStore::empty();
        let Some(path) = &self.roots else {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            return Ok(roots);
        };
        let unread = |why: String| {
            refused(format!("the certificates of `{}` cannot be read: {why}", path.display()))
        };
        let all = CertificateDer::pem_file_iter(path).map_err(|error| unread(error.to_string()))?;
        for one in all {
            let one = one.map_err(|error| unread(error.to_string()))?;
            roots.add(one).map_err(|error| unread(error.to_string()))?;
        }
        if roots.is_empty() { Err(unread("there are none in it".to_owned())) } else { Ok(roots) }
    }
}

fn refused(why: String) -> LedgerError {
    LedgerError::Unavailable { why }
}

/// A value of a URL without its percent signs.
fn decoded(text: &str) -> Result<String, LedgerError> {
    let bad = || refused("`sslrootcert` is no path; `%` begins two hexadecimal digits".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit(), digit());
            (high.zip(low).map(|(high, low)| (16 * high + low) as u8)).ok_or_else(bad)?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).map_err(|_| bad())
}

/// Whether the other end is who it should be.
#[derive(Debug)]
struct Checks {
    provider: Arc<CryptoProvider>,
    authority: Option<Arc<WebPkiServerVerifier>>,
    belief: Belief,
}

impl ServerCertVerifier for Checks {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authority) = &self.authority else {
            return Ok(ServerCertVerified::assertion());
        };
        match authority.verify_server_cert(end, between, name, ocsp, now) {
            // The chain is sound and was found so before the name was looked at.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.belief == Belief::Authority => Ok(ServerCertVerified::assertion()),
            found => found,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        end: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(message, end, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        end: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(message, end, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Makes encrypted connections.
#[derive(Clone)]
pub(super) struct MakeTls(TlsConnector);

/// One connection that is to be encrypted.
pub(super) struct Tls {
    connector: TlsConnector,
    domain: String,
}

/// An encrypted connection.
pub(super) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

type Handshake<S> = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

impl<S> MakeTlsConnect<S> for MakeTls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type TlsConnect = Tls;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> io::Result<Tls> {
        // A socket in a folder has no name; whether one is needed is seen when TLS begins.
        Ok(Tls { connector: self.0.clone(), domain: domain.to_owned() })
    }
}

impl<S> TlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Handshake<S>;

    fn connect(self, stream: S) -> Handshake<S> {
        Box::pin(async move {
            let name = ServerName::try_from(self.domain).map_err(io::Error::other)?;
            self.connector.connect(name, stream).await.map(Encrypted)
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> postgres::tls::TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_loses_what_is_said_of_tls_and_keeps_the_rest() {
        let wanted = |url: &str| Wanted::of(url).unwrap();
        let plain = wanted("postgres://me:secret@host/db");
        assert_eq!((plain.mode, plain.belief), (SslMode::Prefer, Belief::Anybody));
        assert_eq!(plain.url, "postgres://me:secret@host/db");
        let full = wanted(
            "postgres://host/db?sslmode=verify-full&application_name=care&sslrootcert=/a%20b/ca.pem",
        );
        assert_eq!((full.mode, full.belief), (SslMode::Require, Belief::Host));
        assert_eq!(full.url, "postgres://host/db?application_name=care");
        assert_eq!(full.roots, Some(PathBuf::from("/a b/ca.pem")));
        assert_eq!(wanted("postgres://host/db?sslmode=require").belief, Belief::Anybody);
        let known = wanted("postgres://host/db?sslmode=require&sslrootcert=ca.pem");
        assert_eq!(known.belief, Belief::Authority);
        assert_eq!(wanted("postgres://host/db?sslmode=disable").mode, SslMode::Disable);
    }

    #[test]
    fn a_mode_or_a_path_that_cannot_be_meant_is_refused_without_the_password() {
        for url in
            ["postgres://me:secret@h/d?sslmode=yes", "postgres://me:secret@h/d?sslrootcert=%zz"]
        {
            let error = Wanted::of(url).unwrap_err().to_string();
            assert!(error.contains("ssl") && !error.contains("secret"), "{error}");
        }
        let nowhere = Wanted::of("postgres://h/d?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem");
        let error = nowhere.unwrap().maker().err().unwrap().to_string();
        assert!(error.contains("/nowhere/ca.pem"), "{error}");
    }
}
