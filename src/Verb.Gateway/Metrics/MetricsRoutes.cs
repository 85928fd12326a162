using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Verb.Gateway.Metrics;

/// <summary>Maps <c>/metrics</c>.</summary>
internal static class MetricsRoutes
{
    public static IEndpointConventionBuilder MapHubMetrics(this IEndpointRouteBuilder endpoints, PrometheusExporter exporter) =>
        endpoints.MapGet("/metrics", async http =>
        {
            http.Response.ContentType = PrometheusText.ContentType;
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(exporter.Collect()), http.RequestAborted);
        });
}
