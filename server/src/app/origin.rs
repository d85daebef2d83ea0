use thiserror::Error;
use url::{Host, Url};

/// The only origin at which this server is used. Its host is the RP id of every passkey.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    url: Url,
    host: String,
}

/// Why a string is not a valid origin for this server.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OriginError {
    /// The string is not a web address.
    #[error("it is not an address such as https://vault.example.com")]
    Malformed,
    /// The origin has more parts than scheme, host, and port.
    #[error("it must be a scheme, a host and at most a port, such as https://vault.example.com")]
    MoreThanOrigin,
    /// The host is not written as browsers write it.
    #[error("its host must be a name without a dot at its end, without empty parts and without *")]
    Host,
    /// The host is an IP address, for which browsers create no passkeys.
    #[error("its host must be a name: browsers make no passkeys for an IP address")]
    Address,
    /// The origin is neither encrypted nor local.
    #[error("it must begin with https://; only localhost may be http://")]
    Unencrypted,
}

impl Origin {
    /// Parses an origin and replaces a port of 0 with `port`.
    pub(crate) fn parse(text: &str, port: u16) -> Result<Self, OriginError> {
        let mut url = Url::parse(text).map_err(|_| OriginError::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OriginError::Malformed);
        }
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::MoreThanOrigin);
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(OriginError::Address) };
        // Browsers take a name with a dot at its end for another origin.
        if host.split('.').any(|label| label.is_empty() || label.contains('*')) {
            return Err(OriginError::Host);
        }
        let host = host.to_owned();
        if url.scheme() == "http" && !is_local(&host) {
            return Err(OriginError::Unencrypted);
        }
        if url.port() == Some(0) {
            url.set_port(Some(port)).map_err(|()| OriginError::Malformed)?;
        }
        Ok(Self { url, host })
    }

    /// Returns the host, which is the RP id.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the origin as a URL.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the origin as browsers send it in the `Origin` header.
    pub(crate) fn header(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Returns whether browsers reach the origin over TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns whether only the local machine can reach the origin.
    pub(crate) fn is_local(&self) -> bool {
        is_local(&self.host)
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_origins() {
        let local = Origin::parse("http://localhost:0", 4711).unwrap();
        assert_eq!((local.header().as_str(), local.host()), ("http://localhost:4711", "localhost"));
        assert!(local.is_local() && !local.is_encrypted());
        let public = Origin::parse("https://vault.example.com/", 8080).unwrap();
        assert_eq!(
            (public.header().as_str(), public.host()),
            ("https://vault.example.com", "vault.example.com")
        );
        assert!(public.is_encrypted() && !public.is_local());
        assert_eq!(
            Origin::parse("https://vault.example.com:443", 1).unwrap().header(),
            "https://vault.example.com"
        );
    }

    #[test]
    fn refuses_what_is_no_origin() {
        for (text, why) in [
            ("", OriginError::Malformed),
            ("vault.example.com", OriginError::Malformed),
            ("ftp://vault.example.com", OriginError::Malformed),
            ("https://vault.example.com/app", OriginError::MoreThanOrigin),
            ("https://vault.example.com?x", OriginError::MoreThanOrigin),
            ("https://me@vault.example.com", OriginError::MoreThanOrigin),
            ("https://vault.example.com.", OriginError::Host),
            ("https://vault.example.com.:8443/", OriginError::Host),
            ("https://localhost.", OriginError::Host),
            ("http://localhost.", OriginError::Host),
            ("https://vault..example.com", OriginError::Host),
            ("https://*.example.com", OriginError::Host),
            ("https://127.0.0.1", OriginError::Address),
            ("http://[::1]:8080", OriginError::Address),
            ("http://vault.example.com", OriginError::Unencrypted),
            ("http://notlocalhost", OriginError::Unencrypted),
        ] {
            assert_eq!(Origin::parse(text, 1).map(|origin| origin.header()), Err(why), "{text}");
        }
    }
}
