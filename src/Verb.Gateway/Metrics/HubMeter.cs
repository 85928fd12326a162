namespace Verb.Gateway.Metrics;

/// <summary>The meter that every metric of the hub belongs to.</summary>
internal static class HubMeter
{
    public const string Name = "Verb";
}
