-- A team can be deleted while nothing belongs to it; the foreign keys decide.

grant delete on teams to brownie_app;
