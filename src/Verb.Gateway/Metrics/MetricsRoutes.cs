using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Verb.Gateway.Http;

namespace Verb.Gateway.Metrics;

/// <summary>Maps <c>/metrics</c>.</summary>
internal static class MetricsRoutes
{
    public static IEndpointConventionBuilder MapHubMetrics(this IEndpointRouteBuilder endpoints, PrometheusExporter exporter) =>
        endpoints.MapRead("/metrics", async http =>
        {
            http.Response.ContentType = PrometheusText.ContentType;
            http.Response.Headers.CacheControl = "no-store";
            var text = Encoding.UTF8.GetBytes(exporter.Collect());
            http.Response.ContentLength = text.Length;
            if (!HttpMethods.IsHead(http.Request.Method))
                await http.Response.Body.WriteAsync(text, http.RequestAborted);
        });
}
