-- Boxes of items in space.
CREATE INDEX IF NOT EXISTS items_box ON items USING gist (box(point(west, south), point(east, north)));
