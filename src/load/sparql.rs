//! RDF stores: SPARQL 1.1, with its Graph Store Protocol, over HTTP.
//!
//! A graph is loaded into a named graph beside the one that is meant, and takes its place when all is there: who reads
//! meanwhile sees the old graph or the new one. If a load is cut off, the unfinished graph stays for the next run.

use std::{io::Read, time::Duration};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::{
    Agent, Body,
    http::Response,
    tls::{RootCerts, TlsConfig},
};
use url::Url;

use super::{
    Address, Emit, Load, Sink,
    fault::{Fault, FaultKind},
    triples::{self, DOCUMENT, QUOTE, STATEMENT, TripleRow},
};
use crate::{export::VOCABULARY, graph::GraphSource};

/// How long it may take to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a server may think about a request.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(300);

/// Bytes of an answer that are read at most; what is asked for is numbers.
const MOST_OF_AN_ANSWER: u64 = 1 << 20;

/// Where stores have their parts, relative to the address: as Oxigraph, as Fuseki, as others.
const QUERY_PATHS: [&str; 3] = ["query", "sparql", ""];
const STORE_PATHS: [&str; 3] = ["store", "data", "rdf-graphs/service"];
const UPDATE_PATHS: [&str; 3] = ["update", "sparql", "statements"];

pub(super) struct Sparql {
    agent: Agent,
    authorization: Option<String>,
    base: String,
    query_path: &'static str,
    store_path: &'static str,
    update_path: &'static str,
    named_graph: String,
    /// Where the load is put together.
    staging: String,
    mark: String,
    /// Whether a graph that others made may be replaced.
    may_replace: bool,
    /// Whether this load is in its place already.
    is_in_place: bool,
    /// Rows that an earlier run put into the staging graph.
    stored: u64,
    /// Rows that were looked at.
    position: u64,
}

impl Sparql {
    pub fn new(address: &Address, password: &str, named_graph: &str, may_replace: bool) -> Result<Self, Fault> {
        let forbidden = |c: char| c <= ' ' || "<>\"{}|^`\\".contains(c);
        if named_graph.contains(forbidden) || Url::parse(named_graph).is_err() {
            return Err(Fault::failed(format!(
                "{named_graph:?} is no name for a graph; give an absolute IRI such as https://example.org/news"
            )));
        }
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .timeout_send_body(Some(ANSWER_TIMEOUT))
            .tls_config(tls)
            .build()
            .new_agent();
        Ok(Self {
            agent,
            authorization: address.user().map(|user| basic(user, password)),
            base: address.http(),
            query_path: "",
            store_path: "",
            update_path: "",
            named_graph: named_graph.to_owned(),
            staging: String::new(),
            mark: String::new(),
            may_replace,
            is_in_place: false,
            stored: 0,
            position: 0,
        })
    }

    fn post(&self, path: &str, media_type: &str, body: &str) -> Result<Answer, Fault> {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("Content-Type", media_type)
            .header("Accept", "application/sparql-results+json, text/plain;q=0.5, */*;q=0.1");
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        Answer::read(request.send(body).map_err(fault)?)
    }

    fn ask(&self, path: &str, query: &str) -> Result<Answer, Fault> {
        self.post(path, "application/sparql-query", query)
    }

    fn change(&self, path: &str, update: &str) -> Result<Answer, Fault> {
        self.post(path, "application/sparql-update", update)
    }

    fn add(&self, path: &str, triples: &str) -> Result<Answer, Fault> {
        let graph = utf8_percent_encode(&self.staging, NON_ALPHANUMERIC);
        self.post(&format!("{path}?graph={graph}"), "application/n-triples", triples)
    }

    /// The first of some paths that is answered.
    fn find(
        &self,
        what: &str,
        paths: [&'static str; 3],
        attempt: impl Fn(&str) -> Result<Answer, Fault>,
    ) -> Result<&'static str, Fault> {
        let mut refused = String::new();
        for path in paths {
            match attempt(path)?.accepted() {
                Ok(_) => return Ok(path),
                Err(fault) if fault.kind() != FaultKind::Failed => return Err(fault),
                Err(fault) => refused = fault.into_message(),
            }
        }
        let tried = paths.map(|path| format!("{}{path}", self.base)).join(", ");
        Err(Fault::failed(format!("nothing there takes SPARQL 1.1 {what}; tried {tried}; the last said {refused}")))
    }

    /// The values of the variable `n`.
    fn select(&self, query: &str) -> Result<Vec<String>, Fault> {
        let answer = self.ask(self.query_path, query)?.accepted()?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|error| Fault::failed(format!("its answer is no SPARQL JSON ({error})")))?;
        let rows = answer["results"]["bindings"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(rows.iter().filter_map(|row| row["n"]["value"].as_str().map(str::to_owned)).collect())
    }

    fn number(&self, query: &str) -> Result<u64, Fault> {
        let values = self.select(query)?;
        Ok(values.first().and_then(|value| value.parse().ok()).unwrap_or_default())
    }

    fn update(&self, update: &str) -> Result<(), Fault> {
        self.change(self.update_path, update)?.accepted().map(drop)
    }

    /// The mark of the load that the named graph has, if one made it.
    fn mark_in_place(&self) -> Result<Option<String>, Fault> {
        let graph = &self.named_graph;
        Ok(self.select(&format!("SELECT ?n WHERE {{ GRAPH <{graph}> {{ <{graph}> <{VOCABULARY}load> ?n }} }}"))?.pop())
    }
}

impl Sink for Sparql {
    type Row = TripleRow;

    const PARTS: &'static [&'static str] = &["triples"];

    fn begin(&mut self, load: &Load) -> Result<Vec<String>, Fault> {
        self.mark.clone_from(&load.mark);
        let beside = if self.named_graph.contains('#') { "-load-" } else { "#load-" };
        let prefix = format!("{}{beside}", self.named_graph);
        self.staging = format!("{prefix}{}", load.mark);
        self.query_path = self.find("queries", QUERY_PATHS, |path| self.ask(path, "ASK {}"))?;
        self.store_path = self.find("graphs", STORE_PATHS, |path| self.add(path, ""))?;
        let harmless = format!("DROP SILENT GRAPH <{prefix}>");
        self.update_path = self.find("updates", UPDATE_PATHS, |path| self.change(path, &harmless))?;

        let graph = &self.named_graph;
        match self.mark_in_place()? {
            Some(mark) => self.is_in_place = mark == load.mark,
            None if self.may_replace => (),
            None => {
                let count =
                    self.number(&format!("SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"))?;
                if count > 0 {
                    return Err(Fault::failed(format!(
                        "the named graph <{graph}> holds {count} triples that relata did not load; choose another one \
                         with --graph, or let it be replaced with --replace"
                    )));
                }
            }
        }
        // What loads of other graphs left when they were cut off.
        let left = self.select(&format!(
            "SELECT DISTINCT (STR(?g) AS ?n) WHERE {{ GRAPH ?g {{ ?s <{VOCABULARY}loadedRows> ?o }} \
             FILTER(STRSTARTS(STR(?g), \"{prefix}\")) }}"
        ))?;
        for other in left.iter().filter(|other| **other != self.staging) {
            self.update(&format!("DROP SILENT GRAPH <{other}>"))?;
        }
        let staging = &self.staging;
        self.stored = self.number(&format!(
            "SELECT (MAX(?rows) AS ?n) WHERE {{ GRAPH <{staging}> {{ ?s <{VOCABULARY}loadedRows> ?rows }} }}"
        ))?;
        Ok(Vec::new())
    }

    fn feed(load: &Load, _part: &str, graph: &dyn GraphSource, emit: &mut Emit<TripleRow>) -> std::io::Result<()> {
        triples::feed(graph, &load.base_iri, emit)
    }

    fn has(&mut self, rows: &[TripleRow]) -> Result<bool, Fault> {
        let end = self.position + rows.len() as u64;
        let is_there = self.is_in_place || end <= self.stored;
        if is_there {
            self.position = end;
        }
        Ok(is_there)
    }

    fn send(&mut self, rows: &[TripleRow]) -> Result<(), Fault> {
        let end = self.position + rows.len() as u64;
        let mut body: String = rows.iter().flat_map(|row| [row.line.as_str(), "\n"]).collect();
        // With the rows, so that a store which takes a request whole or not at all never has one without the other.
        body.push_str(&format!(
            "<{}> <{VOCABULARY}loadedRows> \"{end}\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n",
            self.staging
        ));
        self.add(self.store_path, &body)?.accepted()?;
        self.position = end;
        Ok(())
    }

    fn counts(&mut self) -> Result<Vec<(&'static str, u64)>, Fault> {
        let graph = if self.is_in_place { &self.named_graph } else { &self.staging };
        let count = |what: &str, pattern: &str| {
            self.number(&format!("SELECT (COUNT({what}) AS ?n) WHERE {{ GRAPH <{graph}> {{ {pattern} }} }}"))
        };
        let of_class = |class: &str| count("DISTINCT ?s", &format!("?s a <{class}>"));
        let entities = format!("?s a ?class FILTER(STRSTARTS(STR(?class), \"{VOCABULARY}\"))");
        // Words are quoted by several statements, so that they cannot be counted while they are sent.
        let triples = format!(
            "?s ?p ?o FILTER(?p NOT IN (<{VOCABULARY}load>, <{VOCABULARY}loadedRows>)) \
             FILTER NOT EXISTS {{ ?s a <{QUOTE}> }}"
        );
        let wordless = format!(
            "?s <{VOCABULARY}evidence> ?o FILTER NOT EXISTS {{ ?o \
             <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#anchorOf> ?words }}"
        );
        Ok(vec![
            ("documents", of_class(DOCUMENT)?),
            ("entities", count("DISTINCT ?s", &entities)?),
            ("statements", of_class(STATEMENT)?),
            ("triples", count("*", &triples)?),
            ("quotes without words", count("*", &wordless)?),
        ])
    }

    fn remove_others(&mut self) -> Result<u64, Fault> {
        // The graph is replaced as a whole.
        Ok(0)
    }

    fn finish(&mut self) -> Result<bool, Fault> {
        if self.is_in_place {
            return Ok(false);
        }
        // It may be in its place though the answer got lost; another move would put an empty graph there.
        if self.mark_in_place()?.as_deref() != Some(self.mark.as_str()) {
            let (staging, graph, mark) = (&self.staging, &self.named_graph, &self.mark);
            self.update(&format!(
                "DELETE WHERE {{ GRAPH <{staging}> {{ <{staging}> <{VOCABULARY}loadedRows> ?rows }} }} ; \
                 INSERT DATA {{ GRAPH <{staging}> {{ <{graph}> <{VOCABULARY}load> \"{mark}\" }} }} ; \
                 MOVE GRAPH <{staging}> TO GRAPH <{graph}>"
            ))?;
        }
        self.is_in_place = true;
        Ok(true)
    }

    fn doubt(&mut self) -> Result<(), Fault> {
        let (staging, graph) = (&self.staging, &self.named_graph);
        if self.is_in_place {
            // Still a graph of relata's, but of no load that anybody will make.
            self.update(&format!(
                "DELETE WHERE {{ GRAPH <{graph}> {{ <{graph}> <{VOCABULARY}load> ?mark }} }} ; \
                 INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> <{VOCABULARY}load> \"changed\" }} }}"
            ))?;
        }
        self.update(&format!("DROP SILENT GRAPH <{staging}>"))
    }
}

/// What a server answered.
struct Answer {
    status: u16,
    text: String,
}

impl Answer {
    fn read(mut response: Response<Body>) -> Result<Self, Fault> {
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        let read = response.body_mut().as_reader().take(MOST_OF_AN_ANSWER).read_to_end(&mut bytes);
        read.map_err(|error| Fault::new(FaultKind::Lost, error))?;
        Ok(Self { status, text: String::from_utf8_lossy(&bytes).into_owned() })
    }

    /// The text, if the server did what it was asked for.
    fn accepted(self) -> Result<String, Fault> {
        let kind = match self.status {
            200..300 => return Ok(self.text),
            401 | 403 => FaultKind::Denied,
            429 | 502..=504 => FaultKind::Busy,
            _ => FaultKind::Failed,
        };
        let text: String = self.text.trim().chars().take(300).collect();
        let colon = if text.is_empty() { "" } else { ": " };
        Err(Fault::new(kind, format!("HTTP status {}{colon}{text}", self.status)))
    }
}

/// The header of a user and a password.
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

fn fault(error: ureq::Error) -> Fault {
    let kind = match &error {
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => FaultKind::Tls,
        // Errors of handshakes come in the clothes of those of reading.
        ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => FaultKind::Tls,
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_)
        | ureq::Error::BodyStalled => FaultKind::Lost,
        _ => FaultKind::Failed,
    };
    Fault::new(kind, error)
}
