using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Verb.Contracts;
using Verb.Gateway.ApiDescription;

namespace Verb.Gateway.Tests.ApiDescription;

public sealed class AsyncApiTests
{
    private const string RequestKey = "RequestCommand";

    private static readonly JsonElement Root = JsonElement.Parse(Document.AsyncApi);

    private static IEnumerable<JsonProperty> Messages(string suffix) =>
        Root.GetProperty("components").GetProperty("messages").EnumerateObject().Where(message => message.Name.EndsWith(suffix, StringComparison.Ordinal));

    private static JsonElement Payload(string suffix, string type) =>
        Messages(suffix).Single(message => message.Value.GetProperty("name").GetString() == type).Value.GetProperty("payload");

    public static TheoryData<string> CommandKeys => [.. Messages("Command").Select(message => message.Name)];

    public static TheoryData<Type, bool> Events => Kinds<ServerEvent>();

    public static TheoryData<Type, bool> Replies => Kinds<ReplyBody>();

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_is_described_as_it_is_written(Type kind, bool full)
    {
        var written = JsonElement.Parse(WireFormat.Event(Samples.Make<ServerEvent>(kind, full)));
        var payload = Payload("Event", written.GetProperty("type").GetString()!);
        SchemaCheck.Problems(Root, payload, written).ShouldBeEmpty();
        if (full)
            payload.GetProperty("properties").EnumerateObject().Select(field => field.Name).ShouldBeSubsetOf(written.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public void No_other_events_are_described() => Messages("Event").Count().ShouldBe(Samples.Kinds<ServerEvent>().Count());

    [Theory]
    [MemberData(nameof(Replies))]
    public void Every_reply_is_described_as_it_is_written(Type kind, bool full)
    {
        var written = JsonElement.Parse(WireFormat.Body(Samples.Make<ReplyBody>(kind, full)));
        var schema = Root.GetProperty("components").GetProperty("schemas").GetProperty(kind.Name + "Reply");
        SchemaCheck.Problems(Root, schema, written).ShouldBeEmpty();
        if (full && schema.TryGetProperty("properties", out var properties))
            properties.EnumerateObject().Select(field => field.Name).ShouldBeSubsetOf(written.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public void The_envelope_of_replies_is_described()
    {
        var payload = Payload("Reply", "reply");
        SchemaCheck.Problems(Root, payload, JsonElement.Parse(WireFormat.Reply("7", new ReplyBody.Acknowledged(1)))).ShouldBeEmpty();
        SchemaCheck.Problems(Root, payload, JsonElement.Parse(WireFormat.Reply("7", CommandError.Overloaded))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_command_is_described()
    {
        var described = Messages("Command").Select(message => Read(Example(message.Value)).Command!.GetType()).ToHashSet();
        described.ShouldBe(Samples.Kinds<Command>().ToHashSet(), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(CommandKeys))]
    public void A_commands_example_is_taken_and_keeps_its_description(string key)
    {
        var message = Messages(key).Single(m => m.Name == key).Value;
        var example = Example(message);
        var parsed = Read(example);
        parsed.Error.ShouldBeNull();
        (parsed.Command is Command.Request).ShouldBe(key == RequestKey);
        SchemaCheck.Problems(Root, message.GetProperty("payload"), JsonElement.Parse(example.ToJsonString())).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(CommandKeys))]
    public void A_commands_required_fields_are_required_and_no_others_are(string key)
    {
        var payload = Messages(key).Single(m => m.Name == key).Value.GetProperty("payload");
        var required = payload.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        if (payload.TryGetProperty("oneOf", out _))
            required.Add("topic");
        var example = Example(Messages(key).Single(m => m.Name == key).Value);
        foreach (var name in example.Select(field => field.Key).ToList())
        {
            var without = example.DeepClone().AsObject();
            without.Remove(name);
            (Read(without).Error is not null).ShouldBe(required.Contains(name), $"without '{name}'");
        }
    }

    [Fact]
    public void Every_commands_reply_is_described()
    {
        foreach (var command in Messages("Command"))
            SchemaCheck.Resolve(Root, command.Value.GetProperty("x-reply")).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public void Every_error_code_is_described() =>
        Root.GetProperty("components").GetProperty("schemas").GetProperty("ErrorCode").GetProperty("enum").EnumerateArray().Select(code => code.GetString())
            .ShouldBe(Enum.GetValues<ErrorCode>().Select(code => code.WireName()), ignoreOrder: true);

    [Fact]
    public void Every_close_code_is_described()
    {
        var described = Root.GetProperty("channels").GetProperty("hub").GetProperty("x-close-codes").EnumerateArray().Select(code => code.GetProperty("code").GetInt32()).ToList();
        var used = typeof(CloseReason).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => (int)((CloseReason)property.GetValue(null)!).Code);
        used.Distinct().ShouldBeSubsetOf(described);
    }

    [Fact]
    public void Every_message_stands_in_the_channel_and_in_an_operation()
    {
        var all = Messages("").Select(message => message.Name).ToList();
        Root.GetProperty("channels").GetProperty("hub").GetProperty("messages").EnumerateObject().Select(message => message.Name).ShouldBe(all, ignoreOrder: true);
        var operations = Root.GetProperty("operations").GetRawText();
        all.ShouldAllBe(name => operations.Contains($"#/channels/hub/messages/{name}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_somewhere() => References.Check(Root);

    private static JsonObject Example(JsonElement message) =>
        JsonNode.Parse(message.GetProperty("examples")[0].GetProperty("payload").GetRawText())!.AsObject();

    private static ParsedCommand Read(JsonObject frame) => CommandReader.Read(Encoding.UTF8.GetBytes(frame.ToJsonString()));

    private static TheoryData<Type, bool> Kinds<T>()
    {
        var data = new TheoryData<Type, bool>();
        foreach (var kind in Samples.Kinds<T>())
        {
            data.Add(kind, true);
            data.Add(kind, false);
        }

        return data;
    }
}
