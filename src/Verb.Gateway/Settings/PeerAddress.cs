using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Verb.Gateway.Settings;

/// <summary>An address of the cluster port as settings write it: <c>host:port</c>, <c>10.0.0.1:4000</c>, <c>[::1]:4000</c>, <c>*:4000</c>.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">From 1.</param>
internal readonly record struct PeerAddress(string Host, int Port)
{
    public const string Allowed = "must be host:port such as 10.0.0.1:4000 or [::1]:4000, the port from 1 to 65535";

    /// <summary>Whether it stands for every address of the machine: somewhere to listen, nothing to dial.</summary>
    public bool IsWildcard => Host == "*" || (IPAddress.TryParse(Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    public static bool TryParse(string text, out PeerAddress address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
            return false;
        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
            host = IPAddress.TryParse(inner, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 ? inner : "";
        else if (host != "*" && Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.IPv6)
            host = "";
        address = new PeerAddress(host, port);
        return host.Length > 0;
    }

    /// <summary>As settings write it.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
