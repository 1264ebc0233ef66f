//! Bolt, the protocol of Neo4j.

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use neo4rs::{
    BoltFloat, BoltInteger, BoltList, BoltMap, BoltNull, BoltString, BoltType, ConfigBuilder, Error, Graph,
    Neo4jClientErrorKind, Neo4jErrorKind, Query,
};
use tokio::runtime::{Builder, Runtime};

use super::{
    Address,
    fault::{Fault, FaultKind},
    property_graph::{Cypher, Key, PropertyRow, Statement},
};
use crate::export::property::PropertyValue;

/// How long it may take to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a server may think about a batch.
const READ_TIMEOUT: Duration = Duration::from_secs(120);

pub(super) struct Bolt {
    address: Address,
    password: String,
    open: Option<(Runtime, Graph)>,
}

impl Bolt {
    pub fn new(address: &Address, password: &str) -> Self {
        Self { address: address.clone(), password: password.to_owned(), open: None }
    }

    /// Runs queries in a transaction.
    fn transact(&self, queries: Vec<Query>) -> Result<Vec<u64>, Fault> {
        let (runtime, graph) = self.open.as_ref().ok_or_else(|| Fault::new(FaultKind::Lost, "it is not connected"))?;
        let all = async {
            let mut transaction = graph.start_txn().await?;
            let mut numbers = Vec::with_capacity(queries.len());
            for query in queries {
                let mut rows = transaction.execute(query).await?;
                let mut number = 0;
                while let Some(row) = rows.next(transaction.handle()).await? {
                    number += row.get::<i64>("n").ok().and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
                }
                numbers.push(number);
            }
            transaction.commit().await?;
            Ok(numbers)
        };
        runtime.block_on(all).map_err(fault)
    }
}

impl Cypher for Bolt {
    fn connect(&mut self) -> Result<(), Fault> {
        reach(&self.address)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Fault::failed)?;
        let mut config = ConfigBuilder::default()
            .uri(self.address.bolt())
            .user(self.address.user().unwrap_or_default())
            .password(self.password.as_str())
            .connection_timeout(READ_TIMEOUT)
            .max_connections(1);
        if let Some(database) = self.address.name() {
            config = config.db(database);
        }
        let graph = {
            // Its pool wants to know the runtime.
            let _guard = runtime.enter();
            config.build().and_then(Graph::connect).map_err(fault)?
        };
        self.open = Some((runtime, graph));
        self.transact(vec![Query::new("RETURN 1 AS n".to_owned())]).map(drop).map_err(|fault| {
            // The host can be reached, so it is the handshake that failed.
            match (fault.kind(), self.address.is_encrypted()) {
                (FaultKind::Lost, true) => Fault::new(FaultKind::Tls, fault.into_message()),
                (FaultKind::Lost, false) => Fault::new(
                    FaultKind::Lost,
                    format!("{} (if it wants encryption, write bolt+s://)", fault.into_message()),
                ),
                _ => fault,
            }
        })
    }

    fn constrain(&mut self, label: &str) -> Result<Option<String>, Fault> {
        let name = format!("relata_{}_id", label.to_lowercase());
        let run = |text: String| self.transact(vec![Query::new(text)]);
        let constraint = run(format!("CREATE CONSTRAINT {name} IF NOT EXISTS FOR (x:{label}) REQUIRE x.id IS UNIQUE"));
        let Err(refused) = constraint else { return Ok(None) };
        // Two nodes with one identifier: whose data it is has to be settled first.
        if refused.kind() != FaultKind::Failed || is_violation(&refused) {
            return Err(refused);
        }
        let refused = refused.into_message();
        let index = run(format!("CREATE INDEX {name} IF NOT EXISTS FOR (x:{label}) ON (x.id)"));
        // As Memgraph has it.
        let index = index.or_else(|_| run(format!("CREATE INDEX ON :{label}(id)")));
        let instead = if index.is_ok() { "an index stands in for it" } else { "the load may be slow" };
        Ok(Some(format!("the server makes no constraint on the identifiers of {label} ({refused}); {instead}")))
    }

    fn run(&mut self, statements: &[Statement], mark: &str) -> Result<Vec<u64>, Fault> {
        self.transact(statements.iter().map(|statement| query(statement, mark)).collect())
    }
}

/// Whether a server refuses a constraint because of what it holds.
fn is_violation(fault: &Fault) -> bool {
    let message = fault.message().to_lowercase();
    ["constraintcreationfailed", "constraintviolation", "constraintvalidation", "duplicate"]
        .iter()
        .any(|word| message.contains(word))
}

/// Looks whether somebody listens, which the client of Bolt would wait for without end.
fn reach(address: &Address) -> Result<(), Fault> {
    let lost = |error: std::io::Error| Fault::new(FaultKind::Lost, error);
    let mut last = None;
    for socket in (address.host(), address.port()).to_socket_addrs().map_err(lost)? {
        match TcpStream::connect_timeout(&socket, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| Fault::new(FaultKind::Lost, "the host has no address"), lost))
}

fn query(statement: &Statement, mark: &str) -> Query {
    let rows = statement.rows.iter().map(|row| row_value(row, statement.with_properties)).collect();
    Query::new(statement.text.clone()).param("rows", list(rows)).param("mark", mark)
}

fn row_value(row: &PropertyRow, with_properties: bool) -> BoltType {
    let mut map = BoltMap::with_capacity(3);
    match &row.key {
        Key::Node { id } => map.put("id".into(), text(id)),
        Key::Relationship { head, tail } => {
            map.put("head".into(), text(head));
            map.put("tail".into(), text(tail));
        }
    }
    if with_properties {
        let mut properties = BoltMap::with_capacity(row.properties.len());
        for (name, property) in &row.properties {
            properties.put((*name).into(), property.as_ref().map_or(BoltType::Null(BoltNull), value));
        }
        map.put("properties".into(), BoltType::Map(properties));
    }
    BoltType::Map(map)
}

fn value(property: &PropertyValue) -> BoltType {
    match property {
        PropertyValue::Text(property) => text(property),
        PropertyValue::Integer(number) => BoltType::Integer(BoltInteger::new(*number)),
        PropertyValue::Float(number) => BoltType::Float(BoltFloat::new(*number)),
        PropertyValue::Texts(texts) => list(texts.iter().map(|item| text(item)).collect()),
        PropertyValue::Floats(numbers) => {
            list(numbers.iter().map(|number| BoltType::Float(BoltFloat::new(*number))).collect())
        }
    }
}

fn text(text: &str) -> BoltType {
    BoltType::String(BoltString::from(text))
}

fn list(items: Vec<BoltType>) -> BoltType {
    BoltType::List(BoltList::from(items))
}

fn fault(error: Error) -> Fault {
    let kind = match &error {
        Error::AuthenticationError(_) => FaultKind::Denied,
        Error::Neo4j(said) => match said.kind() {
            Neo4jErrorKind::Transient | Neo4jErrorKind::Client(Neo4jClientErrorKind::SessionExpired) => FaultKind::Busy,
            Neo4jErrorKind::Client(Neo4jClientErrorKind::Security(_)) => FaultKind::Denied,
            _ => FaultKind::Failed,
        },
        Error::IOError { .. }
        | Error::ConnectionError
        | Error::ConnectionTimedOut
        | Error::IncompleteBoltExchange
        | Error::ServerUnavailableError(_) => FaultKind::Lost,
        _ => FaultKind::Failed,
    };
    Fault::new(kind, error)
}
