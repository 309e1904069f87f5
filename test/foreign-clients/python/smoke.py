import os

import brownie_client as api

configuration = api.Configuration(host=os.environ['BROWNIE_URL'])
configuration.access_token = os.environ['BROWNIE_TOKEN']
with api.ApiClient(configuration) as client:
    incidents = api.IncidentsApi(client)
    me = api.IdentityApi(client).who_am_i()
    team = me.teams[0].id
    new = api.NewIncident(title='Checkout answers 502', priority='high')
    made = incidents.create_incident(team, new, idempotency_key='py')
    again = incidents.create_incident(team, new, idempotency_key='py')
    incidents.comment_incident(made.id, api.NewComment(comment='DNS?'))
    listed = incidents.list_incidents(team, q='checkout')
    print(me.username, made.status, again.id == made.id, [each.title for each in listed.items])
    try:
        incidents.get_incident(team)
    except api.ApiException as error:
        print(error.status)
