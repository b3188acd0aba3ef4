//! Where does a webhook go? Its address taken apart, its name resolved once, every address judged.
//!
//! A webhook's address is written by a user, and the service stands inside a network. So the name is
//! resolved here, every resulting address is judged by the use cases, and the connection goes to a
//! judged address: a name that changes its mind between check and connection (DNS rebinding) gains
//! nothing.

use std::net::SocketAddr;

use axum::http::Uri;
use yorisoi_app::App;

use super::send::SendError;

/// Where to send, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Whether the connection is encrypted.
    pub(crate) tls: bool,
    /// Host name or literal address, without brackets.
    pub(crate) host: String,
    /// Port.
    pub(crate) port: u16,
    /// Value of the header `host`.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) path: String,
}

/// Why there is nowhere to send to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AddressError {
    /// It is no address of the web.
    #[error("the address is neither `https://` nor `http://`")]
    NotHttp,
    /// It holds a user's name or password.
    #[error("the address holds a name or password; the signature is what proves the sender")]
    Credentials,
    /// The name is not known.
    #[error("the name `{host}` cannot be resolved")]
    Unresolved {
        /// The name.
        host: String,
    },
}

/// Takes an address apart.
///
/// # Errors
///
/// [`AddressError::NotHttp`], [`AddressError::Credentials`].
pub(crate) fn target(url: &str) -> Result<Target, AddressError> {
    let uri: Uri = url.parse().map_err(|_| AddressError::NotHttp)?;
    let tls = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(AddressError::NotHttp),
    };
    let authority = uri.authority().ok_or(AddressError::NotHttp)?;
    if authority.as_str().contains('@') {
        return Err(AddressError::Credentials);
    }
    Ok(Target {
        tls,
        host: authority.host().trim_matches(['[', ']']).to_owned(),
        port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
        authority: authority.as_str().to_owned(),
        path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
    })
}

/// Resolves the target's name once and returns the addresses that may be used.
///
/// One forbidden address forbids the name: a name that answers with a public and a private address is
/// a rebinding attempt or a mistake.
///
/// # Errors
///
/// [`SendError::Address`] if the name is not known, [`SendError::Forbidden`] as the use cases say.
pub(crate) async fn resolved(
    app: &App,
    url: &str,
    target: &Target,
) -> Result<Vec<SocketAddr>, SendError> {
    let unresolved = || AddressError::Unresolved { host: target.host.clone() };
    let found = tokio::net::lookup_host((target.host.as_str(), target.port))
        .await
        .map_err(|_| unresolved())?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(unresolved().into());
    }
    for address in &addresses {
        app.may_send_to(url, address.ip()).map_err(SendError::Forbidden)?;
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let found = target("https://hooks.example:8443/a/b?c=d").unwrap();
        assert_eq!((found.port, found.tls), (8443, true));
        assert_eq!(found.path, "/a/b?c=d");
        assert_eq!(found.authority, "hooks.example:8443");
        assert_eq!(target("http://[::1]/").unwrap().host, "::1");
        assert_eq!(target("https://hooks.example").unwrap().path, "/");
    }

    #[test]
    fn what_is_no_address_of_the_web_is_refused() {
        assert_eq!(target("ftp://hooks.example/"), Err(AddressError::NotHttp));
        assert_eq!(target("/relative"), Err(AddressError::NotHttp));
        assert_eq!(target("no address"), Err(AddressError::NotHttp));
        assert_eq!(target("https://me:pw@hooks.example/"), Err(AddressError::Credentials));
    }
}
