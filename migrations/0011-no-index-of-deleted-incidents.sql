-- No list is of deleted incidents alone: this index cost each deletion something and served nothing.

drop index incidents_all_idx;
