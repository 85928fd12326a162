using System.Collections;
using System.Reflection;
using System.Text;
using Verb.Actors.Connections;
using Verb.Gateway.Auth;
using Verb.Storage.Postgres;

namespace Verb.Gateway.Settings;

/// <summary>What settings must keep wherever they come from: the ranges of the attributes, and the rules between them.</summary>
internal static class SettingsRules
{
    /// <summary>HS256 needs a key as long as its hash (RFC 7518, section 3.2).</summary>
    public const int LeastSecretBytes = 32;

    private static readonly TimeSpan LeastDedupeWindow = TimeSpan.FromMinutes(10);

    /// <summary>Checks every setting; the first problem ends it.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="hostVerifiesTokens">Whether the host brings its own <see cref="ITokenVerifier"/>, so that no key is needed.</param>
    /// <exception cref="VerbSettingsException">A setting is not allowed.</exception>
    public static void Check(VerbOptions options, bool hostVerifiesTokens)
    {
        CheckRanges(options, VerbOptions.Section);
        CheckAuth(options.Auth, hostVerifiesTokens);
        CheckStorage(options.Storage);
        ClusterRules.Check(options.Cluster, options.Storage);
        for (var i = 0; i < options.Rooms.Count; i++)
        {
            if (options.Rooms[i].DedupeWindow < LeastDedupeWindow)
                throw new VerbSettingsException($"Verb:Rooms:{i}:DedupeWindow", $"{options.Rooms[i].DedupeWindow}", "must be at least 10m");
        }

        CheckOrigins(options.Socket);
        foreach (var address in options.Demo.Addresses)
        {
            if (!IsAddress(address))
                throw new VerbSettingsException("Verb:Demo:Addresses", address, "must be addresses of nodes such as http://127.0.0.1:3001");
        }
    }

    /// <summary>Checks one route's own copies; the keys are those of the settings they stand for.</summary>
    /// <exception cref="VerbSettingsException">A setting is not allowed.</exception>
    public static void CheckRoute(AuthOptions auth, SocketOptions socket, LimitOptions limits, bool hostVerifiesTokens)
    {
        CheckRanges(auth, $"{VerbOptions.Section}:{nameof(VerbOptions.Auth)}");
        CheckRanges(socket, $"{VerbOptions.Section}:{nameof(VerbOptions.Socket)}");
        CheckRanges(limits, $"{VerbOptions.Section}:{nameof(VerbOptions.Limits)}");
        CheckAuth(auth, hostVerifiesTokens);
        CheckOrigins(socket);
    }

    private static void CheckOrigins(SocketOptions socket)
    {
        foreach (var origin in socket.AllowedOrigins)
        {
            if (!Handshake.OriginRule.IsEntry(origin))
                throw new VerbSettingsException("Verb:Socket:AllowedOrigins", origin, "must be an origin such as https://example.com, null or *");
        }
    }

    private static void CheckAuth(AuthOptions auth, bool hostVerifiesTokens)
    {
        if (auth.Mode != AuthMode.Anonymous && auth.Secret is null && auth.PublicKeyFile is null && !hostVerifiesTokens)
            throw new VerbSettingsException("Verb:Auth:Mode", EnumNames.Of(auth.Mode), "needs Verb:Auth:Secret or Verb:Auth:PublicKeyFile");
        if (auth.Secret is { } secret && Encoding.UTF8.GetByteCount(secret) < LeastSecretBytes)
            throw new VerbSettingsException("Verb:Auth:Secret", null, $"must be at least {LeastSecretBytes} bytes long");
        if (auth.PublicKeyFile is { } path)
            PublicKeyFile.Read(path); // A file that is not there stops the start, not the first handshake.
    }

    private static void CheckStorage(StorageOptions storage)
    {
        if (storage.Kind == StorageKind.Postgres && storage.Postgres is null)
            throw new VerbSettingsException("Verb:Storage:Kind", "postgres", "needs Verb:Storage:Postgres");
        if (storage.Postgres is not { } postgres)
            return;
        if (!PostgresOptions.IsConnectionString(postgres))
        {
            throw new VerbSettingsException(
                "Verb:Storage:Postgres", null, "must be a connection string such as Host=db;Username=verb;Password=secret;Database=verb");
        }

        if (storage.Kind != StorageKind.Postgres)
            throw new VerbSettingsException("Verb:Storage:Postgres", null, "means nothing without Verb:Storage:Kind=postgres");
    }

    private static bool IsAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https" or "ws" or "wss", Host.Length: > 0 };

    /// <summary>Checks the ranges of one record and of those in it.</summary>
    /// <exception cref="VerbSettingsException">A value is out of its range.</exception>
    public static void CheckRanges(object record, string path)
    {
        foreach (var property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var key = $"{path}:{property.Name}";
            var value = property.GetValue(record);
            if (Setting.Covers(property.PropertyType))
                CheckScalar(new Setting(property), key, value);
            else if (value is null)
                throw new VerbSettingsException(key, null, "must not be null");
            else if (value is IEnumerable<string> texts)
                CheckTexts(key, texts);
            else if (value is IEnumerable entries)
                CheckEntries(key, entries);
            else
                CheckRanges(value, key);
        }
    }

    private static void CheckScalar(Setting setting, string key, object? value)
    {
        if (!setting.IsAllowed(value))
            throw new VerbSettingsException(key, setting.IsSecret ? null : Setting.Format(value), $"must be {setting.Allowed()}");
    }

    private static void CheckTexts(string key, IEnumerable<string> texts)
    {
        if (texts.Any(string.IsNullOrWhiteSpace))
            throw new VerbSettingsException(key, null, "every entry must be a text that is not empty");
    }

    private static void CheckEntries(string key, IEnumerable entries)
    {
        var index = 0;
        foreach (var entry in entries)
            CheckRanges(entry, $"{key}:{index++}");
    }
}
