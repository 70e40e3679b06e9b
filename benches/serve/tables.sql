-- The tables of the comparison: the same figures, with the keys and indexes its questions want.
CREATE TABLE occupation (id int PRIMARY KEY, code text NOT NULL UNIQUE, title text NOT NULL);
CREATE TABLE region (id int PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, kind text NOT NULL);
CREATE TABLE salary_band (
  id int PRIMARY KEY, occupation_id int NOT NULL REFERENCES occupation, region_id int NOT NULL REFERENCES region,
  p10 int, p25 int, median int, p75 int, p90 int, mean int, employment int,
  UNIQUE (occupation_id, region_id));
CREATE TABLE growth_projection (
  id int PRIMARY KEY, occupation_id int NOT NULL UNIQUE REFERENCES occupation,
  base int, target int, change int, percent numeric(6, 1), openings int);
\copy occupation FROM 'occupation.csv' CSV HEADER
\copy region FROM 'region.csv' CSV HEADER
\copy salary_band FROM 'salary_band.csv' CSV HEADER
\copy growth_projection FROM 'growth_projection.csv' CSV HEADER
CREATE INDEX ON salary_band (region_id, median);
CREATE FUNCTION found(words text, place text, lowest int, highest int) RETURNS SETOF salary_band LANGUAGE sql STABLE AS $$
  SELECT band.* FROM salary_band band
  JOIN occupation ON occupation.id = band.occupation_id JOIN region ON region.id = band.region_id
  WHERE region.code = place AND occupation.title ILIKE '%' || words || '%' AND band.median BETWEEN lowest AND highest
  ORDER BY band.median DESC, occupation.code
$$;
ANALYZE;
