-- What 0046 needed is gone.

drop procedure link_earlier_audit_events();
