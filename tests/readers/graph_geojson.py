"""Reads GeoJSON with geojson and shapely and prints its features as JSON: `graph_geojson.py geojson FILE`."""

import json
import sys

import geojson
import shapely.geometry

with open(sys.argv[2], encoding="utf-8") as file:
    collection = geojson.load(file)
assert isinstance(collection, geojson.FeatureCollection), type(collection)
assert collection.is_valid, collection.errors()
features = {}
for feature in collection.features:
    point = shapely.geometry.shape(feature.geometry)
    assert point.geom_type == "Point" and shapely.geometry.box(-180, -90, 180, 90).covers(point), point
    features[feature.id] = {"x": point.x, "y": point.y, **feature.properties}
json.dump({"features": features}, sys.stdout)
