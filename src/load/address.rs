//! Where a database is.

use std::fmt;

use url::Url;

use super::LoadError;

/// How a database is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Bolt, with Cypher: Neo4j and what speaks like it.
    Bolt,
    /// The protocol of Redis, with Cypher: FalkorDB.
    FalkorDb,
    /// HTTP, with SPARQL: RDF stores.
    Sparql,
}

/// The address of a database, such as `bolt://neo4j@localhost:7687/neo4j`.
///
/// | address | database |
/// |---|---|
/// | `bolt://`, `bolt+s://`, `bolt+ssc://`, and the same with `neo4j` | Bolt: plain, with TLS, with TLS whose certificate is not checked |
/// | `falkordb://HOST:PORT/NAME` | FalkorDB |
/// | `sparql+http://HOST:PORT/`, `sparql+https://` | SPARQL 1.1 |
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    protocol: Protocol,
    url: Url,
    user: Option<String>,
}

const FORMS: &str = "bolt://USER@HOST:7687/DATABASE (with TLS bolt+s://), falkordb://HOST:6379/NAME, \
                     sparql+http://HOST:7878/ or sparql+https://HOST/";

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// If it has none of the forms above, or a password in it: others can see the arguments of a program.
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        let bad = |reason: String| LoadError::Address { address: without_password(text), reason };
        let url = Url::parse(text).map_err(|error| bad(format!("{error}; write {FORMS}")))?;
        let protocol = match url.scheme() {
            "bolt" | "bolt+s" | "bolt+ssc" | "neo4j" | "neo4j+s" | "neo4j+ssc" => Protocol::Bolt,
            "falkordb" => Protocol::FalkorDb,
            "sparql+http" | "sparql+https" => Protocol::Sparql,
            other => return Err(bad(format!("{other}:// is not known; write {FORMS}"))),
        };
        if url.password().is_some() {
            return Err(
                bad("others can see a password that stands here; leave it out, and set RELATA_PASSWORD".into()),
            );
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(bad(format!("it names no host; write {FORMS}")));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("nothing may come after the path".into()));
        }
        let name = url.path().trim_matches('/');
        match protocol {
            Protocol::FalkorDb if name.is_empty() || name.contains('/') => {
                return Err(bad("it names no graph; write falkordb://HOST:6379/NAME".into()));
            }
            Protocol::Bolt if name.contains('/') => {
                return Err(bad("it names more than one database; write bolt://USER@HOST:7687/DATABASE".into()));
            }
            _ => (),
        }
        let user = decode(url.username());
        let user = (!user.is_empty()).then_some(user);
        Ok(Self { protocol, url, user })
    }

    /// How the database is talked to.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The user, if it names one.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Host and port, as `localhost:7687`.
    #[must_use]
    pub fn host_and_port(&self) -> String {
        format!("{}:{}", self.url.host_str().unwrap_or_default(), self.port())
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(self.url.scheme(), "bolt+s" | "bolt+ssc" | "neo4j+s" | "neo4j+ssc" | "sparql+https")
    }

    /// The name of the database or graph, if there is one.
    pub(super) fn name(&self) -> Option<String> {
        let name = decode(self.url.path().trim_matches('/'));
        (!name.is_empty()).then_some(name)
    }

    /// The host as programs resolve it: of an IPv6 address without the brackets.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    pub(super) fn port(&self) -> u16 {
        let usual = match (self.protocol, self.url.scheme()) {
            (Protocol::Bolt, _) => 7687,
            (Protocol::FalkorDb, _) => 6379,
            (Protocol::Sparql, "sparql+https") => 443,
            (Protocol::Sparql, _) => 80,
        };
        self.url.port().unwrap_or(usual)
    }

    /// The address for the client of Bolt, without user and database.
    pub(super) fn bolt(&self) -> String {
        format!("{}://{}", self.url.scheme(), self.host_and_port())
    }

    /// The address for HTTP, with a slash at its end and without the user.
    pub(super) fn http(&self) -> String {
        let scheme = if self.is_encrypted() { "https" } else { "http" };
        format!("{scheme}://{}/{}", self.host_and_port(), self.url.path().trim_start_matches('/'))
            .trim_end_matches('/')
            .to_owned()
            + "/"
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.url.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({:?})", self.url.as_str())
    }
}

/// What stands behind percent signs; what is no text is left as it is.
fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Into::into)
}

/// An address as it may be shown: a password goes, also in one that cannot be read.
fn without_password(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    // Up to the last @: one that is not encoded may hold a slash or an @ itself.
    match (text[start..].find(':'), text[start..].rfind('@')) {
        (Some(colon), Some(at)) if colon < at => format!("{}:…{}", &text[..start + colon], &text[start + at..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_addresses() {
        let check = |text: &str, expected: (&str, Option<&str>, Option<&str>, bool)| {
            let address = Address::parse(text).unwrap();
            let name = address.name();
            let parts = (address.host_and_port(), address.user(), name.as_deref(), address.is_encrypted());
            assert_eq!((parts.0.as_str(), parts.1, parts.2, parts.3), expected, "{text}");
        };
        check("bolt://neo4j@localhost", ("localhost:7687", Some("neo4j"), None, false));
        check("bolt+s://a%40b@db.example:9999/news", ("db.example:9999", Some("a@b"), Some("news"), true));
        check("neo4j://[::1]:7000/x", ("[::1]:7000", None, Some("x"), false));
        check("falkordb://127.0.0.1/my%20graph", ("127.0.0.1:6379", None, Some("my graph"), false));
        check("sparql+http://localhost:7878/", ("localhost:7878", None, None, false));
        check("sparql+https://u@rdf.example/ds", ("rdf.example:443", Some("u"), Some("ds"), true));
        assert_eq!(Address::parse("sparql+https://u@h.example/ds").unwrap().http(), "https://h.example:443/ds/");
        assert_eq!(Address::parse("sparql+http://h.example").unwrap().http(), "http://h.example:80/");
        assert_eq!(Address::parse("neo4j+s://u@h.example/d").unwrap().bolt(), "neo4j+s://h.example:7687");
        assert_eq!(Address::parse("bolt://[::1]").unwrap().host(), "::1");
    }

    #[test]
    fn what_is_no_address() {
        for (text, expected) in [
            ("news.json", "write bolt://"),
            ("http://localhost/", "http:// is not known"),
            ("bolt://", "names no host"),
            ("falkordb://localhost", "names no graph"),
            ("bolt://localhost/a/b", "more than one database"),
            ("bolt://localhost/?tls=no", "nothing may come after"),
            ("bolt://me:secret@localhost", "set RELATA_PASSWORD"),
            ("what://me:secret@localhost:x", "cannot use the address"),
            ("bolt://me:a@b/secret@localhost", "cannot use the address"),
        ] {
            let message = Address::parse(text).unwrap_err().to_string();
            assert!(message.contains(expected) && !message.contains("secret"), "{text}: {message}");
        }
    }
}
