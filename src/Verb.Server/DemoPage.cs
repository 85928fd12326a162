using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>Serves the demo page, its scripts, and the nodes that the page may turn to.</summary>
internal static class DemoPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws: wss: http: https:; form-action 'none'; base-uri 'none'";

    public static void UseDemoPage(this WebApplication app, DemoOptions options)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = served => SetHeaders(served.Context.Response.Headers) });
        app.MapMethods("/demo.json", [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
        {
            SetHeaders(http.Response.Headers);
            return TypedResults.Ok(new { addresses = options.Addresses });
        });
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
    }
}
