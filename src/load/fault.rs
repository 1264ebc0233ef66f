//! What can go wrong with a database, and what to do about it.

use std::io;

use super::Address;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The server cannot be reached, or went away.
    Lost,
    /// The server says that the same may go well later.
    Busy,
    /// The user or the password is wrong, or the user may not do this.
    Denied,
    /// No encrypted connection could be made.
    Tls,
    /// The server does not hold what it was sent.
    Counts { what: &'static str, sent: u64, held: u64 },
    /// Anything else; another try would fail in the same way.
    Failed,
}

/// A call that failed.
#[derive(Debug)]
pub(super) struct Fault {
    kind: FaultKind,
    message: String,
}

impl Fault {
    pub fn new(kind: FaultKind, message: impl ToString) -> Self {
        Self { kind, message: message.to_string() }
    }

    pub fn failed(message: impl ToString) -> Self {
        Self::new(FaultKind::Failed, message)
    }

    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn into_message(self) -> String {
        self.message
    }

    /// Whether it may go well if it is tried again.
    pub fn may_pass(&self) -> bool {
        matches!(self.kind, FaultKind::Lost | FaultKind::Busy)
    }

    pub fn into_error(self, address: &Address) -> LoadError {
        let host = address.host_and_port();
        let reason = self.message;
        match self.kind {
            FaultKind::Lost | FaultKind::Busy => LoadError::Unreachable { host, reason },
            FaultKind::Denied => LoadError::Denied { host, reason },
            FaultKind::Tls => LoadError::Tls { host, reason },
            FaultKind::Counts { what, sent, held } => LoadError::Counts { what, sent, held },
            FaultKind::Failed => LoadError::Server { host, reason },
        }
    }
}

/// A graph could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The address is none.
    #[error("cannot use the address {address}: {reason}")]
    Address {
        /// The address, without a password.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The graph cannot be read.
    #[error("cannot read the graph")]
    Read(#[source] io::Error),
    /// The server cannot be reached.
    #[error("cannot reach a database at {host}: {reason}; is it running, and are host and port right?")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the system or the server said.
        reason: String,
    },
    /// The server refuses the user.
    #[error("{host} refuses: {reason}; check the user in the address and the password in RELATA_PASSWORD")]
    Denied {
        /// Host and port.
        host: String,
        /// What the server said.
        reason: String,
    },
    /// No encrypted connection could be made.
    #[error(
        "cannot make an encrypted connection to {host}: {reason}; the certificate has to be valid for this host and \
         signed by an authority that this machine knows (SSL_CERT_FILE names a file with others)"
    )]
    Tls {
        /// Host and port.
        host: String,
        /// What the handshake said.
        reason: String,
    },
    /// The server went away while the graph was sent, and did not come back in time.
    #[error(
        "{host} went away in the middle of the load: {reason}; what was sent is safe there, and the same command goes \
         on where it was"
    )]
    Lost {
        /// Host and port.
        host: String,
        /// What the system or the server said last.
        reason: String,
    },
    /// The server refuses what it was sent.
    #[error("{host} cannot take the graph: {reason}")]
    Server {
        /// Host and port.
        host: String,
        /// What the server said.
        reason: String,
    },
    /// The database does not hold what it was sent.
    #[error(
        "{sent} {what} were sent, but the database holds {held}; does another program change it? the same command sends \
         what is missing"
    )]
    Counts {
        /// What was counted.
        what: &'static str,
        /// How many were sent.
        sent: u64,
        /// How many the database holds.
        held: u64,
    },
}
