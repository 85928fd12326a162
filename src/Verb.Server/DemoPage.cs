namespace Verb.Server;

/// <summary>Serves the demo page and its scripts.</summary>
internal static class DemoPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws: wss: http: https:; form-action 'none'; base-uri 'none'";

    public static void UseDemoPage(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = served =>
            {
                served.Context.Response.Headers.CacheControl = "no-cache";
                served.Context.Response.Headers.ContentSecurityPolicy = Policy;
                served.Context.Response.Headers.XContentTypeOptions = "nosniff";
            },
        });
    }
}
