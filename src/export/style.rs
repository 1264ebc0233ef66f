//! How types and statuses look; one look for all drawn formats.

use crate::schema::{EntityType, Status};

/// Colors and shape of an entity type.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeStyle {
    /// Inside of the node.
    pub fill: &'static str,
    /// Border of the node, and the text of the legend.
    pub stroke: &'static str,
    /// The shape's name in Graphviz.
    pub shape: &'static str,
}

/// Colors of types that a user added, in turn.
const OWN: [(&str, &str); 6] = [
    ("#f6d9ee", "#9b2d7f"),
    ("#e3ebb8", "#5c6b12"),
    ("#d9dcfa", "#3f49b0"),
    ("#f1ddca", "#7a4a21"),
    ("#c9e9f5", "#0f6a88"),
    ("#f9d6c9", "#a63d17"),
];

/// What many things of a type are called, as the heading of a list; a name that a user gave a type stands as it is.
pub(super) fn plural(entity_type: EntityType) -> &'static str {
    if entity_type.name() != entity_type.key() {
        return entity_type.name();
    }
    match entity_type {
        EntityType::Person => "People",
        EntityType::Organization => "Organizations",
        EntityType::Place => "Places",
        EntityType::Group => "Groups",
        EntityType::Event => "Events",
        EntityType::Title => "Titles",
        EntityType::Date => "Dates",
        EntityType::Work => "Works",
        EntityType::Own(_) => entity_type.name(),
    }
}

/// Colors are told apart by lightness too, for readers who do not see all hues; shapes carry the type a second time.
pub(super) fn of_type(entity_type: EntityType) -> TypeStyle {
    let (fill, stroke, shape) = match entity_type {
        EntityType::Person => ("#ffe1c7", "#b8560f", "ellipse"),
        EntityType::Organization => ("#d5e6fb", "#1f5fa8", "box"),
        EntityType::Place => ("#d6f0d8", "#2a7a39", "house"),
        EntityType::Group => ("#e8dcf7", "#6b3fa0", "hexagon"),
        EntityType::Event => ("#fbd5dc", "#b02a4a", "octagon"),
        EntityType::Title => ("#fff3c4", "#8a6d00", "note"),
        EntityType::Date => ("#eceff2", "#5b6672", "box"),
        EntityType::Work => ("#d0f0ee", "#127a74", "component"),
        EntityType::Own(_) => {
            // Built-in types come first in the order.
            let own = entity_type.index() - EntityType::ALL.len();
            let (fill, stroke) = OWN[own % OWN.len()];
            (fill, stroke, "tab")
        }
    };
    TypeStyle { fill, stroke, shape }
}

/// Color of the line and the label of an edge.
pub(super) fn edge_color(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Former) => "#a3abb5",
        Some(Status::Negated) => "#b02a4a",
        _ => "#4a5560",
    }
}

/// The label of an edge: relation type, and the status if it is not a plain fact.
pub(super) fn edge_label(relation: &str, status: Option<Status>) -> String {
    let relation = relation.replace('_', " ");
    status.map_or_else(|| relation.clone(), |status| format!("{relation} ({})", status.name()))
}
