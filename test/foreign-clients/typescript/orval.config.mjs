export default {
  brownie: {
    input: './openapi.json',
    output: {
      target: './orval/client.ts',
      client: 'fetch',
      mode: 'single',
      baseUrl: { getBaseUrlFromSpecification: true },
    },
  },
};
