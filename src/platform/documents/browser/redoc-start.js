window.Redoc.init(
  '/openapi.json',
  { expandResponses: '200,201', nativeScrollbars: true, sortPropsAlphabetically: false },
  document.getElementById('page'),
);
