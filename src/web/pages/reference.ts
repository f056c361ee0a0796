// The API reference: starts Swagger UI, which loads nothing but the description, and follows the system's colours.

/** What /assets/swagger-ui.js leaves behind (swagger-ui-dist): an older script, made to be loaded by itself. */
declare const SwaggerUIBundle: (options: Readonly<Record<string, unknown>>) => unknown

const place = document.getElementById('reference')
if (place !== null) {
  SwaggerUIBundle({
    domNode: place,
    url: place.dataset['description'],
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    // A key in the browser's storage would outlive the page.
    persistAuthorization: false,
    // The validator is a service on another origin.
    validatorUrl: 'none',
  })
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = (): void => void document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()
