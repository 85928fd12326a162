using System.Text;
using Microsoft.Extensions.Configuration;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Settings;

public sealed class VerbSettingsTests
{
    private const string LongSecret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Without_any_configuration_everything_has_its_documented_default()
    {
        var options = Read();

        options.Auth.Mode.ShouldBe(AuthMode.Anonymous);
        options.Auth.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.Storage.ShouldBe(new StorageOptions { Kind = StorageKind.Sqlite, Path = "data/verb.db" });
        options.Cluster.ShouldBe(new ClusterOptions { Listen = null, Advertise = null, Name = "verb", Secret = null, NodeId = null });
        options.Limits.ShouldBe(new LimitOptions
        {
            Connections = 10_000,
            ConnectionsPerUser = 5,
            ConnectionsPerAddress = 0,
            HandshakesPerSecond = 0,
            CommandsPerSecond = 50,
            Burst = 100,
            BinaryBytesPerSecond = 10 << 20,
            BinaryFramesPerSecond = 250,
            MaxMessageBytes = 16 << 20,
            MaxCommandBytes = 64 << 10,
        });
        options.Socket.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(120));
        options.Socket.MaxLifetime.ShouldBe(TimeSpan.Zero);
        options.Socket.PingInterval.ShouldBe(TimeSpan.FromSeconds(30));
        options.Socket.PingTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.Socket.Compression.ShouldBe(CompressionMode.Shared);
        options.Socket.ServerMaxWindowBits.ShouldBe(15);
        options.Socket.ClientMaxWindowBits.ShouldBe(15);
        options.Socket.ServerNoContextTakeover.ShouldBeFalse();
        options.Socket.ClientNoContextTakeover.ShouldBeFalse();
        options.Socket.SendBufferBytes.ShouldBe(1 << 20);
        options.Socket.SendBufferMessages.ShouldBe(1024);
        options.Socket.Overflow.ShouldBe(OverflowPolicy.Close);
        options.Socket.AllowedOrigins.ShouldBeEmpty();
        options.Drain.ShouldBe(new DrainOptions { Grace = TimeSpan.FromSeconds(5), ClosesPerSecond = 1000 });
        options.Uploads.ShouldBe(new UploadOptions { Path = "data/uploads", MaxBytes = 64 << 20, Quota = 1 << 30, MaxFiles = 100_000 });
        options.Echo.ShouldBeFalse();
        options.Feed.Demo.ShouldBeNull();
        options.Demo.Addresses.ShouldBeEmpty();
        options.ApiKey.ShouldBeNull();
        options.RoomPolicies().For("any").ShouldBe(new RoomPolicy());
        options.TopicPolicies().For("any").PublishRoles.ShouldBe(["publisher", "admin"]);
    }

    [Fact]
    public void Every_section_is_read_and_keys_are_not_case_sensitive()
    {
        var options = Read(
            ("verb:AUTH:mode", "required"),
            ("Verb:Auth:Secret", LongSecret),
            ("Verb:Auth:Timeout", "250ms"),
            ("Verb:Auth:Issuer", "https://issuer"),
            ("Verb:Auth:Audience", "verb"),
            ("Verb:Storage:Kind", "memory"),
            ("Verb:Storage:NewEpochs", "True"),
            ("Verb:Limits:MaxMessageBytes", "1MiB"),
            ("Verb:Limits:BinaryBytesPerSecond", "2GiB"),
            ("Verb:Limits:Connections", "7"),
            ("Verb:Socket:Overflow", "drop_oldest"),
            ("Verb:Socket:Compression", "dedicated"),
            ("Verb:Socket:ServerMaxWindowBits", "12"),
            ("Verb:Socket:ClientMaxWindowBits", "9"),
            ("Verb:Socket:ServerNoContextTakeover", "true"),
            ("Verb:Socket:ClientNoContextTakeover", "true"),
            ("Verb:Socket:MaxLifetime", "1h"),
            ("Verb:Socket:AllowedOrigins:0", "https://a.example"),
            ("Verb:Socket:AllowedOrigins:1", "null"),
            ("Verb:Demo:Addresses", "http://127.0.0.1:3001, wss://hub.example/ws"),
            ("Verb:Drain:Grace", "00:00:02"),
            ("Verb:Uploads:Quota", "3 GiB"),
            ("Verb:Uploads:MaxFiles", "0"),
            ("Verb:Echo", "true"),
            ("Verb:Feed:Demo", "false"),
            ("Verb:ApiKey", "key"));

        options.Auth.ShouldBe(new AuthOptions
        {
            Mode = AuthMode.Required,
            Secret = LongSecret,
            Timeout = TimeSpan.FromMilliseconds(250),
            Issuer = "https://issuer",
            Audience = "verb",
        });
        options.Storage.ShouldBe(new StorageOptions { Kind = StorageKind.Memory, NewEpochs = true });
        options.Limits.ShouldBe(new LimitOptions { MaxMessageBytes = 1 << 20, BinaryBytesPerSecond = 2L << 30, Connections = 7 });
        options.Socket.Overflow.ShouldBe(OverflowPolicy.DropOldest);
        options.Socket.Compression.ShouldBe(CompressionMode.Dedicated);
        options.Socket.ServerMaxWindowBits.ShouldBe(12);
        options.Socket.ClientMaxWindowBits.ShouldBe(9);
        options.Socket.ServerNoContextTakeover.ShouldBeTrue();
        options.Socket.ClientNoContextTakeover.ShouldBeTrue();
        options.Socket.MaxLifetime.ShouldBe(TimeSpan.FromHours(1));
        options.Socket.AllowedOrigins.ShouldBe(["https://a.example", "null"]);
        options.Demo.Addresses.ShouldBe(["http://127.0.0.1:3001", "wss://hub.example/ws"]);
        options.Drain.Grace.ShouldBe(TimeSpan.FromSeconds(2));
        options.Uploads.Quota.ShouldBe(3L << 30);
        options.Uploads.MaxFiles.ShouldBe(0);
        options.Echo.ShouldBeTrue();
        options.Feed.Demo.ShouldBe(false);
        options.ApiKey.ShouldBe("key");
    }

    [Fact]
    public void Rooms_are_tried_by_ascending_number_and_each_starts_from_the_defaults()
    {
        var policies = Read(
            ("Verb:Rooms:10:Match", "*"),
            ("Verb:Rooms:10:History", "1"),
            ("Verb:Rooms:9:Match", "staff/*"),
            ("Verb:Rooms:9:Durable", "false"),
            ("Verb:Rooms:9:JoinRoles:0", "staff"),
            ("Verb:Rooms:2:Match", "staff/log"),
            ("Verb:Rooms:2:HistoryAge", "7d"),
            ("Verb:Rooms:2:PublishRoles", "bot, admin")).RoomPolicies();

        policies.For("staff/log").HistoryAge.ShouldBe(TimeSpan.FromDays(7));
        policies.For("staff/log").PublishRoles.ShouldBe(["bot", "admin"]);
        policies.For("staff/x").Durable.ShouldBeFalse();
        policies.For("staff/x").JoinRoles.ShouldBe(["staff"]);
        policies.For("staff/x").History.ShouldBe(100);
        policies.For("lobby").History.ShouldBe(1);
        policies.For("lobby").Durable.ShouldBeTrue();
    }

    [Fact]
    public void Topics_are_tried_in_order_and_end_with_the_defaults()
    {
        var policies = Read(("Verb:Topics:0:Match", "open/*"), ("Verb:Topics:0:PublishRoles", "")).TopicPolicies();

        policies.For("open/a").PublishRoles.ShouldBeEmpty();
        policies.For("other").PublishRoles.ShouldBe(["publisher", "admin"]);
    }

    [Fact]
    public void A_settings_file_may_leave_out_hold_null_or_hold_an_empty_list()
    {
        var json = """{"Verb":{"ApiKey":null,"Auth":{"Issuer":null},"Limits":{"Burst":3},"Topics":[{"Match":"a","PublishRoles":[]}],"Socket":{"AllowedOrigins":[]}}}""";
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

        var options = VerbSettings.Read(configuration);

        options.Limits.Burst.ShouldBe(3);
        options.ApiKey.ShouldBeNull();
        options.Topics.ShouldHaveSingleItem().PublishRoles.ShouldBeEmpty();
        options.Socket.AllowedOrigins.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Verb:Limits:Connections", "abc", "Verb:Limits:Connections = \"abc\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:Connections", "-1", "Verb:Limits:Connections = \"-1\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:Connections", "", "Verb:Limits:Connections = \"\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:Connections", "2147483648", "Verb:Limits:Connections = \"2147483648\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:Connections", "99999999999999999999", "Verb:Limits:Connections = \"99999999999999999999\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:Connections", "1.5", "Verb:Limits:Connections = \"1.5\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:MaxMessageBytes", "1", "Verb:Limits:MaxMessageBytes = \"1\": must be a size in bytes or with KiB, MiB, GiB from 1KiB to 1GiB")]
    [InlineData("Verb:Limits:MaxMessageBytes", "2GiB", "Verb:Limits:MaxMessageBytes = \"2GiB\": must be a size in bytes or with KiB, MiB, GiB from 1KiB to 1GiB")]
    [InlineData("Verb:Limits:MaxMessageBytes", "1MB", "Verb:Limits:MaxMessageBytes = \"1MB\": must be a size in bytes or with KiB, MiB, GiB from 1KiB to 1GiB")]
    [InlineData("Verb:Limits:BinaryFramesPerSecond", "-1", "Verb:Limits:BinaryFramesPerSecond = \"-1\": must be a whole number from 0 (0 = unlimited)")]
    [InlineData("Verb:Limits:BinaryBytesPerSecond", "9999999999GiB", "Verb:Limits:BinaryBytesPerSecond = \"9999999999GiB\": must be a size in bytes or with KiB, MiB, GiB from 0 (0 = unlimited)")]
    [InlineData("Verb:Uploads:MaxBytes", "2TiB", "Verb:Uploads:MaxBytes = \"2TiB\": must be a size in bytes or with KiB, MiB, GiB from 1 to 1TiB")]
    [InlineData("Verb:Uploads:MaxFiles", "-1", "Verb:Uploads:MaxFiles = \"-1\": must be a whole number from 0")]
    [InlineData("Verb:Socket:PingTimeout", "10", "Verb:Socket:PingTimeout = \"10\": must be a duration such as 500ms, 2s, 10m, 1h, 7d or 00:00:02, from 0 to 3650d")]
    [InlineData("Verb:Socket:PingTimeout", "-1s", "Verb:Socket:PingTimeout = \"-1s\": must be a duration such as 500ms, 2s, 10m, 1h, 7d or 00:00:02, from 0 to 3650d")]
    [InlineData("Verb:Socket:Overflow", "DropOldest", "Verb:Socket:Overflow = \"DropOldest\": must be one of close, drop_oldest, drop_newest")]
    [InlineData("Verb:Socket:Overflow", "1", "Verb:Socket:Overflow = \"1\": must be one of close, drop_oldest, drop_newest")]
    [InlineData("Verb:Socket:SendBufferMessages", "0", "Verb:Socket:SendBufferMessages = \"0\": must be a whole number from 1 to 1000000")]
    [InlineData("Verb:Socket:ServerMaxWindowBits", "8", "Verb:Socket:ServerMaxWindowBits = \"8\": must be a whole number from 9 to 15")]
    [InlineData("Verb:Socket:ClientMaxWindowBits", "16", "Verb:Socket:ClientMaxWindowBits = \"16\": must be a whole number from 9 to 15")]
    [InlineData("Verb:Echo", "yes", "Verb:Echo = \"yes\": must be true or false")]
    [InlineData("Verb:Storage:Path", "", "Verb:Storage:Path = \"\": must be a text that is not empty")]
    [InlineData("Verb:Storage:Kind", "postgres", "Verb:Storage:Kind = \"postgres\": needs Verb:Storage:Postgres")]
    [InlineData("Verb:Storage:Postgres", "postgres://db/verb", "Verb:Storage:Postgres: must be a connection string such as Host=db;Username=verb;Password=secret;Database=verb")]
    [InlineData("Verb:Storage:Postgres", "Host=db;Password=a;b=c", "Verb:Storage:Postgres: must be a connection string such as Host=db;Username=verb;Password=secret;Database=verb")]
    [InlineData("Verb:Storage:Postgres", "Host=db;Port=many", "Verb:Storage:Postgres: must be a connection string such as Host=db;Username=verb;Password=secret;Database=verb")]
    [InlineData("Verb:Storage:Postgres", "Username=verb", "Verb:Storage:Postgres: must be a connection string such as Host=db;Username=verb;Password=secret;Database=verb")]
    [InlineData("Verb:Storage:Postgres", "Host=db;Password=hush", "Verb:Storage:Postgres: means nothing without Verb:Storage:Kind=postgres")]
    [InlineData("Verb:Storage:Kind", "mysql", "Verb:Storage:Kind = \"mysql\": must be one of sqlite, postgres, memory")]
    [InlineData("Verb:Auth:Mode", "required", "Verb:Auth:Mode = \"required\": needs Verb:Auth:Secret or Verb:Auth:PublicKeyFile")]
    [InlineData("Verb:Auth:Mode", "handshake", "Verb:Auth:Mode = \"handshake\": needs Verb:Auth:Secret or Verb:Auth:PublicKeyFile")]
    [InlineData("Verb:Auth:Mode", "optional", "Verb:Auth:Mode = \"optional\": needs Verb:Auth:Secret or Verb:Auth:PublicKeyFile")]
    [InlineData("Verb:Auth:Secret", "too short to be good", "Verb:Auth:Secret: must be at least 32 bytes long")]
    [InlineData("Verb:Auth:PublicKeyFile", "/no/such.pem", "Verb:Auth:PublicKeyFile = \"/no/such.pem\": no such file; must be a PEM file with a public key")]
    [InlineData("Verb:Rooms:0:DedupeWindow", "9m", "Verb:Rooms:0:DedupeWindow = \"00:09:00\": must be at least 10m")]
    [InlineData("Verb:Rooms:0:History", "1000001", "Verb:Rooms:0:History = \"1000001\": must be a whole number from 0 to 1000000")]
    [InlineData("Verb:Rooms:first:Match", "a", "Verb:Rooms:first: is not a known key: the entries are Verb:Rooms:0, Verb:Rooms:1 and so on")]
    [InlineData("Verb:Rooms", "a", "Verb:Rooms: takes no value; its entries are Verb:Rooms:0, Verb:Rooms:1 and so on")]
    [InlineData("Verb:Drain", "5s", "Verb:Drain: is a section and takes no value; its keys are Grace, ClosesPerSecond")]
    [InlineData("Verb:Echo:Loud", "true", "Verb:Echo:Loud: is not a known key: Verb:Echo is one value and must be true or false")]
    [InlineData("Verb:Socket:AllowedOrigins", "example.com", "Verb:Socket:AllowedOrigins = \"example.com\": must be an origin such as https://example.com, null or *")]
    [InlineData("Verb:Socket:AllowedOrigins:0", "", "Verb:Socket:AllowedOrigins: every entry must be a text that is not empty")]
    [InlineData("Verb:Demo:Addresses", "127.0.0.1:3001", "Verb:Demo:Addresses = \"127.0.0.1:3001\": must be addresses of nodes such as http://127.0.0.1:3001")]
    [InlineData("Verb:Limits:Conections", "1", "Verb:Limits:Conections: is not a known key; did you mean Verb:Limits:Connections?")]
    [InlineData("Verb:Sokcet:PingTimeout", "1s", "Verb:Sokcet: is not a known key; did you mean Verb:Socket?")]
    [InlineData("Verb:Rooms:3:Histroy", "1", "Verb:Rooms:3:Histroy: is not a known key; did you mean Verb:Rooms:3:History?")]
    public void A_wrong_setting_stops_the_start_with_one_line(string key, string value, string line) =>
        Refused((key, value)).Message.ShouldBe(line);

    [Fact]
    public void Settings_written_out_do_not_show_the_databases_password()
    {
        var options = VerbSettings.Read(
            Configuration(("Verb:Storage:Kind", "postgres"), ("Verb:Storage:Postgres", "Host=db;Password=hush")), hostVerifiesTokens: false);

        options.Storage.Postgres.ShouldBe("Host=db;Password=hush");
        options.ToString().ShouldNotContain("hush");
    }

    [Fact]
    public void A_host_that_verifies_tokens_itself_needs_no_key()
    {
        var configuration = Configuration(("Verb:Auth:Mode", "handshake"));

        VerbSettings.Read(configuration, hostVerifiesTokens: true).Auth.Mode.ShouldBe(AuthMode.Handshake);
    }

    [Fact]
    public void A_hostile_value_stays_on_one_short_line()
    {
        var message = Refused(("Verb:Echo", "a\r\nb\0" + new string('x', 5000))).Message;

        message.ShouldNotContain('\n');
        message.ShouldNotContain('\0');
        message.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void Secrets_never_stand_in_messages_or_texts()
    {
        Refused(("Verb:Auth:Secret", "hunter2")).Message.ShouldNotContain("hunter2");
        var options = Read(("Verb:Auth:Secret", LongSecret), ("Verb:ApiKey", "hunter2"));
        options.ToString().ShouldNotContain("hunter2");
        options.ToString().ShouldNotContain(LongSecret);
        options.Auth.ToString().ShouldNotContain(LongSecret);
    }

    [Fact]
    public void Options_made_in_code_keep_the_same_rules()
    {
        Should.Throw<VerbSettingsException>(() => VerbSettings.Check(new VerbOptions { Limits = new LimitOptions { MaxCommandBytes = 5 } }))
            .Message.ShouldBe("Verb:Limits:MaxCommandBytes = \"5\": must be a size in bytes or with KiB, MiB, GiB from 1KiB to 16MiB");
        Should.Throw<VerbSettingsException>(() => VerbSettings.Check(new VerbOptions { Socket = null! })).Key.ShouldBe("Verb:Socket");
        Should.Throw<VerbSettingsException>(() => VerbSettings.Check(new VerbOptions { Drain = new DrainOptions { Grace = TimeSpan.FromSeconds(-1) } }))
            .Key.ShouldBe("Verb:Drain:Grace");
        Should.Throw<VerbSettingsException>(() => VerbSettings.Check(new VerbOptions { Rooms = [new RoomPolicy { Match = "" }] })).Key.ShouldBe("Verb:Rooms:0:Match");
        Should.Throw<VerbSettingsException>(() => VerbSettings.Check(new VerbOptions { Socket = new SocketOptions { Overflow = (OverflowPolicy)9 } }))
            .Key.ShouldBe("Verb:Socket:Overflow");
        VerbSettings.Check(new VerbOptions());
    }

    private static VerbOptions Read(params (string Key, string Value)[] settings) => VerbSettings.Read(Configuration(settings));

    private static VerbSettingsException Refused(params (string Key, string Value)[] settings) =>
        Should.Throw<VerbSettingsException>(() => Read(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
