-- What 0026 needed is gone.

drop procedure fill_search_entries();
drop table search_backlog;
