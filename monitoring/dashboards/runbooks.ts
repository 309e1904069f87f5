/** Where Prometheus serves the folder docs/ (`--web.user-assets`), below its address. */
export const runbooksPath = '/user/runbooks';

/** Where links of dashboards lead where the generator is told nothing: the Prometheus of the same machine. */
export const defaultRunbooks = `http://localhost:9090${runbooksPath}`;
