/** What a visitor sees while the web app has not been built. */
export const notBuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Ibex console</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The console's web app is not built yet</h1>
<p>The API runs; the pages are missing. <code>npm start</code> builds them, and so does
<code>npm run build -w services/console/web</code>. Then load this page again.</p>
</body>
</html>
`;
