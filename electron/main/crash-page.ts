/** Shown when the page has crashed again and again. A plain link, since nothing here may run. */
export const crashPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8" /><title>Layerwright has crashed</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui;max-width:36em;margin:15vh auto;padding:0 1em}
</style></head>
<body>
<h1>The window has crashed several times</h1>
<p>Builds that were running go on, and unsaved text is kept.</p>
<p><a href="index.html" id="reload">Load it again</a></p>
</body>
</html>
`;
