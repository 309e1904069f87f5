// Replies of an operation other than its success, folded: a line each, until it is asked for. There are a dozen of them.
function foldedReplies({ React }) {
  const fold = (Reply) =>
    function FoldedReply(props) {
      const { code, response } = props;
      const [isOpen, setOpen] = React.useState(code.startsWith('2'));
      if (isOpen) {
        return React.createElement(Reply, props);
      }
      const words = response.get('description', '').replaceAll('`', '').replace(/^- /, '').split('\n- ');
      const button = React.createElement(
        'button',
        { type: 'button', className: 'folded-reply', title: words.join('\n'), onClick: () => setOpen(true) },
        words.length > 1 ? `(${words.length}) ${words[0]}` : words[0],
      );
      return React.createElement(
        'tr',
        { className: 'response', 'data-code': code },
        React.createElement('td', { className: 'response-col_status' }, code),
        React.createElement('td', { className: 'response-col_description', colSpan: 2 }, button),
      );
    };
  return { wrapComponents: { response: fold } };
}

// @NOTE no validator: it would send the document to a server of someone else.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  defaultModelExpandDepth: 2,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: true,
  plugins: [foldedReplies],
  tryItOutEnabled: true,
  validatorUrl: null,
});
