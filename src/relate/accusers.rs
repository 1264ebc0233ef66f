//! Who accuses somebody of a deed has not done it: "Norden says that Avon attacked it" is no attack by Norden.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{EntityId, Relation},
    schema::{RelationType, Status},
};

/// What somebody may be accused of by those who did not do it.
const DEEDS: [&str; 9] =
    ["aided", "arrested", "attacked", "deployed_to", "fights", "killed", "sanctioned", "supports", "threatened"];

/// Drops the deeds of those who only say that another has done them.
pub(super) fn drop_accusers(relations: &mut Vec<Relation>) {
    let is_deed = |relation: &Relation| DEEDS.contains(&relation.relation_type.key());
    let mut accused: BTreeMap<(RelationType, EntityId, EntityId), BTreeSet<EntityId>> = BTreeMap::new();
    for relation in relations.iter().filter(|relation| is_deed(relation)) {
        if let Some(by) = relation.by.filter(|by| *by != relation.head) {
            accused.entry((relation.relation_type, relation.tail, by)).or_default().insert(relation.head);
        }
    }
    relations.retain(|relation| {
        let is_open = matches!(relation.status, Some(Status::Possible | Status::Intended));
        !(is_deed(relation)
            && is_open
            && relation.by == Some(relation.head)
            && accused.contains_key(&(relation.relation_type, relation.tail, relation.head)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    fn relation(head: u32, name: &str, tail: u32, status: Option<Status>, by: Option<u32>) -> Relation {
        Relation {
            head: EntityId(head),
            relation_type: RelationType::from_name(name).unwrap(),
            tail: EntityId(tail),
            score: 0.9,
            evidence: vec![ByteSpan::new(0, 60)],
            trigger: None,
            date: None,
            place: None,
            by: by.map(EntityId),
            status,
        }
    }

    #[test]
    fn who_accuses_is_no_culprit() {
        let possible = Some(Status::Possible);
        let mut relations = vec![
            relation(0, "killed", 2, possible, Some(1)),
            relation(1, "killed", 2, possible, Some(1)),
            relation(1, "killed", 3, possible, Some(1)),
            relation(1, "accused", 0, None, Some(1)),
        ];
        drop_accusers(&mut relations);
        let left: Vec<_> = relations.iter().map(|relation| (relation.head.0, relation.tail.0)).collect();
        assert_eq!(left, [(0, 2), (1, 3), (1, 0)]);
    }
}
