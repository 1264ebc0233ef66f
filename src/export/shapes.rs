//! SHACL shapes that exports in RDF pass, made of the schema.

use std::fmt::Write as _;

use super::linked_data::{PREFIXES, classes};
use crate::schema::{EntityType, RelationType, Status};

/// What holds of nodes, documents, quotes and statements, whatever the schema says.
const FIXED: &str = r##"
relata:StatementShape a sh:NodeShape ;
    sh:targetClass rdf:Statement ;
    sh:property [ sh:path rdf:subject ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path rdf:object ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path relata:score ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ;
        sh:minInclusive 0.0 ; sh:maxInclusive 1.0 ] ;
    sh:property [ sh:path relata:date ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:node relata:DateOrAbsentShape ] ;
    sh:property [ sh:path relata:place ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:node relata:PlaceOrAbsentShape ] ;
    sh:property [ sh:path relata:statedBy ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path relata:evidence ; sh:minCount 1 ; sh:class nif:RFC5147String ] ;
    sh:property [ sh:path relata:trigger ; sh:maxCount 1 ; sh:class nif:RFC5147String ] ;
    sh:property [ sh:path prov:wasDerivedFrom ; sh:minCount 1 ; sh:maxCount 1 ; sh:class nif:Context ] ;
    sh:property [ sh:path prov:wasGeneratedBy ; sh:minCount 1 ; sh:maxCount 1 ; sh:class prov:Activity ] .

# Of a part of a graph, the date or place of a statement may be left out.
relata:DateOrAbsentShape a sh:NodeShape ;
    sh:or ( [ sh:class relata:Date ] [ sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ] ) .

relata:PlaceOrAbsentShape a sh:NodeShape ;
    sh:or ( [ sh:class relata:Place ] [ sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ] ) .

relata:QuoteShape a sh:NodeShape ;
    sh:targetClass nif:RFC5147String ;
    sh:nodeKind sh:IRI ;
    sh:pattern "#char=[0-9]+,[0-9]+$" ;
    sh:property [ sh:path nif:anchorOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:minLength 1 ] ;
    sh:property [ sh:path nif:beginIndex ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ;
        sh:lessThan nif:endIndex ] ;
    sh:property [ sh:path nif:endIndex ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ;
    sh:property [ sh:path relata:beginByte ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ;
        sh:lessThan relata:endByte ] ;
    sh:property [ sh:path relata:endByte ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ;
    sh:property [ sh:path nif:referenceContext ; sh:minCount 1 ; sh:maxCount 1 ; sh:class nif:Context ] .

relata:DocumentShape a sh:NodeShape ;
    sh:targetClass nif:Context ;
    sh:nodeKind sh:IRI ;
    sh:property [ sh:path schema:identifier ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:name ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:url ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:publisher ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:datePublished ; sh:maxCount 1 ; sh:node relata:DayShape ] .

# A day, month or year, or the words of a date that is none.
relata:DayShape a sh:NodeShape ;
    sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] [ sh:datatype xsd:string ] ) .

relata:PositionShape a sh:NodeShape ;
    sh:targetClass schema:GeoCoordinates ;
    sh:property [ sh:path schema:latitude ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ;
        sh:minInclusive -90.0 ; sh:maxInclusive 90.0 ] ;
    sh:property [ sh:path schema:longitude ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ;
        sh:minInclusive -180.0 ; sh:maxInclusive 180.0 ] .

relata:NodeShape
    sh:nodeKind sh:IRI ;
    sh:property [ sh:path schema:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:alternateName ; sh:datatype xsd:string ] ;
    sh:property [ sh:path relata:normalForm ; sh:maxCount 1 ; sh:node relata:DayShape ] ;
    sh:property [ sh:path relata:mention ; sh:nodeKind sh:IRI ; sh:pattern "#char=[0-9]+,[0-9]+$" ] ;
    sh:property [ sh:path schema:sameAs ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path schema:identifier ; sh:maxCount 1 ; sh:datatype xsd:string ] ;
    sh:property [ sh:path schema:geo ; sh:maxCount 1 ; sh:class schema:GeoCoordinates ] ;
    sh:property [ sh:path schema:containedInPlace ; sh:nodeKind sh:IRI ] .
"##;

/// SHACL shapes in Turtle, which [linked data](super::GraphFormat::JsonLd) of what the pipeline finds passes.
///
/// A graph of other documents fails where a relation has no evidence or ends that the schema does not allow. They are for statements in the form of `rdf:Statement`; those in the form of RDF 1.2 are not looked at.
///
/// ```
/// let shapes = relata::export::shacl_shapes();
/// assert!(shapes.contains("sh:targetNode relata:head_of"));
/// ```
#[must_use]
pub fn shacl_shapes() -> String {
    let mut text = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n".to_owned();
    for (prefix, namespace) in PREFIXES {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "@prefix {prefix}: <{namespace}> .");
    }
    let [date, place] = [EntityType::Date, EntityType::Place].map(class);
    text.push_str(
        &FIXED.replace("relata:Date ]", &format!("{date} ]")).replace("relata:Place ]", &format!("{place} ]")),
    );
    let statuses = ["fact"].into_iter().chain(Status::ALL.map(Status::name));
    let _ = write!(
        text,
        "\nrelata:StatementShape\n    sh:property [ sh:path rdf:predicate ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ({}) ] ;\n    \
         sh:property [ sh:path relata:status ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ({}) ] .\n",
        terms(RelationType::all().map(RelationType::name)),
        terms(statuses)
    );
    let all: Vec<String> = EntityType::all().map(class).collect();
    let _ = write!(
        text,
        "\nrelata:NodeShape a sh:NodeShape ;\n    sh:targetClass {} ;\n    \
         sh:property [ sh:path rdf:type ; sh:qualifiedValueShape [ sh:in ( {} ) ] ;\n        \
         sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] .\n",
        all.join(" , "),
        all.join(" ")
    );
    for entity_type in EntityType::all() {
        if let [common, own] = classes(entity_type).as_slice() {
            let _ = write!(
                text,
                "\n{own}Shape a sh:NodeShape ;\n    sh:targetClass {own} ;\n    \
                 sh:property [ sh:path rdf:type ; sh:hasValue {common} ] .\n"
            );
        }
    }
    for relation in RelationType::all() {
        add_relation(&mut text, relation);
    }
    text
}

/// The ends of a relation, in statements and in plain triples.
fn add_relation(text: &mut String, relation: RelationType) {
    let info = relation.info();
    let end = |end: &str, types: &[EntityType]| {
        let names: Vec<&str> = types.iter().map(|entity_type| entity_type.name()).collect();
        let classes: Vec<String> =
            types.iter().map(|entity_type| format!("[ sh:class {} ]", class(*entity_type))).collect();
        let message = format!("the {end} of {relation} has to be of type {}", names.join(" or "));
        format!("sh:or ( {} ) ;\n        sh:message \"{message}\"", classes.join(" "))
    };
    let (head, tail) = (end("head", &info.heads), end("tail", &info.tails));
    // The statements of a relation are found from it, so that each is looked at once and not once for every relation.
    let _ = write!(
        text,
        "\nrelata:{relation}Shape a sh:NodeShape ;\n    sh:targetNode relata:{relation} ;\n    \
         sh:property [ sh:path ( [ sh:inversePath rdf:predicate ] rdf:subject ) ;\n        {head} ] ;\n    \
         sh:property [ sh:path ( [ sh:inversePath rdf:predicate ] rdf:object ) ;\n        {tail} ] .\n\
         \nrelata:{relation}HeadShape a sh:NodeShape ;\n    sh:targetSubjectsOf relata:{relation} ;\n        {head} .\n\
         \nrelata:{relation}TailShape a sh:NodeShape ;\n    sh:targetObjectsOf relata:{relation} ;\n        {tail} .\n"
    );
}

/// The class of the own vocabulary.
fn class(entity_type: EntityType) -> String {
    classes(entity_type).last().map(ToString::to_string).unwrap_or_default()
}

fn terms<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.fold(String::new(), |list, name| list + " relata:" + name) + " "
}
