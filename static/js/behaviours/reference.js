// <div data-behaviour="reference" data-schema="/api/v1/schema/">: draws the API reference with Swagger UI, from this server alone.
export default function reference(element) {
  const start = () => window.SwaggerUIBundle({
    url: element.dataset.schema,
    domNode: element,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
  });
  if (window.SwaggerUIBundle) start(); else addEventListener("DOMContentLoaded", start, { once: true });
}
