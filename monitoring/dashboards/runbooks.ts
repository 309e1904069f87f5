/** Where links to runbooks lead where the generator is told nothing: the folder in the repository. */
export const defaultRunbooks = 'docs/runbooks';
