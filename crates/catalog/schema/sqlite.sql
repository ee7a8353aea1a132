-- Boxes of items in space and time. Coordinates are rounded outwards to 32 bits: the columns of items decide.
CREATE VIRTUAL TABLE IF NOT EXISTS items_box USING rtree (key, west, east, south, north, t_from, t_to);
