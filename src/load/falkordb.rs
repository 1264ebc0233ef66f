//! FalkorDB: Cypher over the protocol of Redis.

use std::{
    thread,
    time::{Duration, Instant},
};

use redis::{
    Client, Connection, ConnectionAddr, ErrorKind, IntoConnectionInfo, RedisConnectionInfo, RedisError, Value, cmd,
};

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

/// How long a constraint may take to be checked against what is there.
const CONSTRAINT_TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct FalkorDb {
    address: Address,
    password: String,
    graph: String,
    connection: Option<Connection>,
}

impl FalkorDb {
    pub fn new(address: &Address, password: &str) -> Self {
        let graph = address.name().unwrap_or_default();
        Self { address: address.clone(), password: password.to_owned(), graph, connection: None }
    }

    fn open(&self) -> Result<Connection, RedisError> {
        let address = ConnectionAddr::Tcp(self.address.host().to_owned(), self.address.port());
        let mut user = RedisConnectionInfo::default();
        if let Some(name) = self.address.user() {
            user = user.set_username(name).set_password(&self.password);
        }
        let client = Client::open(address.into_connection_info()?.set_redis_settings(user))?;
        let connection = client.get_connection_with_timeout(CONNECT_TIMEOUT)?;
        connection.set_read_timeout(Some(READ_TIMEOUT))?;
        connection.set_write_timeout(Some(READ_TIMEOUT))?;
        Ok(connection)
    }

    /// Sends a command on the graph, over a new connection if the last one broke.
    fn call(&mut self, command: &str, before: &[&str], after: &[&str]) -> Result<Value, Fault> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open().map_err(fault)?,
        };
        let mut command = cmd(command);
        command.arg(before).arg(&self.graph).arg(after);
        let result = command.query(&mut connection);
        // One that broke, also in the middle of an answer, is not used again.
        if result
            .as_ref()
            .err()
            .is_none_or(|error: &RedisError| matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension))
        {
            self.connection = Some(connection);
        }
        result.map_err(fault)
    }

    fn query(&mut self, text: &str) -> Result<Value, Fault> {
        self.call("GRAPH.QUERY", &[], &[text])
    }
}

impl Cypher for FalkorDb {
    fn connect(&mut self) -> Result<(), Fault> {
        self.query("RETURN 1").map(drop)
    }

    fn constrain(&mut self, label: &str) -> Result<Option<String>, Fault> {
        let there = |fault: Fault| if fault.message().contains("already") { Ok(()) } else { Err(fault) };
        self.query(&format!("CREATE INDEX FOR (x:{label}) ON (x.id)")).map(drop).or_else(there)?;
        let constraint = ["UNIQUE", "NODE", label, "PROPERTIES", "1", "id"];
        self.call("GRAPH.CONSTRAINT", &["CREATE"], &constraint).map(drop).or_else(there)?;
        // It is checked against what is there in the background.
        let started = Instant::now();
        loop {
            let status = self.query(&format!(
                "CALL db.constraints() YIELD label, properties, status WHERE label = '{label}' AND properties = ['id'] \
                 RETURN status"
            ))?;
            match first_text(&status).as_deref() {
                Some("OPERATIONAL") => return Ok(None),
                Some("FAILED") => {
                    return Err(Fault::failed(format!(
                        "several nodes with the label {label} have one identifier; remove what is not relata's, or load \
                         into another graph"
                    )));
                }
                _ if started.elapsed() > CONSTRAINT_TIMEOUT => {
                    return Ok(Some(format!("the constraint on the identifiers of {label} is not ready yet")));
                }
                _ => thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn run(&mut self, statements: &[Statement], mark: &str) -> Result<Vec<u64>, Fault> {
        // Each is a transaction of its own; what was done before one that fails is not done again by another try.
        let mut numbers = Vec::with_capacity(statements.len());
        for statement in statements {
            let mut text = "CYPHER rows=[".to_owned();
            for (index, row) in statement.rows.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_row(&mut text, row, statement.with_properties);
            }
            text.push_str("] mark=");
            push_text(&mut text, mark);
            text.push(' ');
            text.push_str(&statement.text);
            numbers.push(first_number(&self.query(&text)?).unwrap_or_default());
        }
        Ok(numbers)
    }
}

fn push_row(text: &mut String, row: &PropertyRow, with_properties: bool) {
    match &row.key {
        Key::Node { id } => {
            text.push_str("{id:");
            push_text(text, id);
        }
        Key::Relationship { head, tail } => {
            text.push_str("{head:");
            push_text(text, head);
            text.push_str(",tail:");
            push_text(text, tail);
        }
    }
    if with_properties {
        text.push_str(",properties:{");
        for (index, (name, value)) in row.properties.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(name);
            text.push(':');
            match value {
                None => text.push_str("NULL"),
                Some(value) => push_value(text, value),
            }
        }
        text.push('}');
    }
    text.push('}');
}

fn push_value(text: &mut String, value: &PropertyValue) {
    // With a point even if it is whole, so that it stays a float.
    let push_float = |text: &mut String, number: &f64| text.push_str(&format!("{number:?}"));
    match value {
        PropertyValue::Text(value) => push_text(text, value),
        PropertyValue::Integer(number) => text.push_str(&number.to_string()),
        PropertyValue::Float(number) => push_float(text, number),
        PropertyValue::Texts(values) => push_list(text, values, |text, value| push_text(text, value)),
        PropertyValue::Floats(numbers) => push_list(text, numbers, push_float),
    }
}

fn push_list<T>(text: &mut String, items: &[T], push: impl Fn(&mut String, &T)) {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push(text, item);
    }
    text.push(']');
}

/// A text in quotes. The server knows no escape but of the quote and the backslash, and ends a text at a NUL.
fn push_text(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\0' => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
    text.push('"');
}

/// The first cell of the rows of an answer, which stand between the names of the columns and the statistics.
fn first_cell(answer: &Value) -> Option<&Value> {
    let Value::Array(parts) = answer else { return None };
    let Value::Array(rows) = parts.get(1)? else { return None };
    let Value::Array(cells) = rows.first()? else { return None };
    cells.first()
}

fn first_number(answer: &Value) -> Option<u64> {
    match first_cell(answer)? {
        Value::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn first_text(answer: &Value) -> Option<String> {
    match first_cell(answer)? {
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}

fn fault(error: RedisError) -> Fault {
    let kind = match error.kind() {
        ErrorKind::AuthenticationFailed => FaultKind::Denied,
        _ if matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM")) => FaultKind::Denied,
        _ if matches!(error.code(), Some("LOADING" | "TRYAGAIN" | "CLUSTERDOWN" | "MASTERDOWN" | "BUSY")) => {
            FaultKind::Busy
        }
        ErrorKind::Io => FaultKind::Lost,
        _ if error.is_connection_dropped() || error.is_timeout() => FaultKind::Lost,
        _ => FaultKind::Failed,
    };
    Fault::new(kind, error)
}

#[cfg(test)]
mod tests {
    use super::push_text;

    #[test]
    fn texts_in_quotes() {
        for (value, expected) in [
            ("plain", "\"plain\""),
            ("a\"b", "\"a\\\"b\""),
            ("back\\slash\\", "\"back\\\\slash\\\\\""),
            ("line\nbreak", "\"line\nbreak\""),
            ("nul\0", "\"nul\u{fffd}\""),
            ("'single' $dollar `back`", "\"'single' $dollar `back`\""),
        ] {
            let mut text = String::new();
            push_text(&mut text, value);
            assert_eq!(text, expected);
        }
    }
}
