-- A function whose body is text finds its tables by the search_path of whoever calls it, and pg_dump writes scripts that empty it: rows
-- could not be copied back by one. The other functions were bound when they were made, and stay without: a function with a setting
-- of its own is never inlined.

alter function refuse_in_maintenance() set search_path = public, pg_temp;
