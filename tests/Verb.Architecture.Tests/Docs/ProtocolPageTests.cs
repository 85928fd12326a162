using System.Reflection;
using System.Runtime.CompilerServices;
using Verb.Contracts;

namespace Verb.Architecture.Tests.Docs;

/// <summary>The protocol page speaks of everything that goes over the wire.</summary>
public sealed class ProtocolPageTests
{
    private static readonly string Text = Page.At("docs/protocol.md").Text;

    [Fact]
    public void It_names_every_error_code()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
            Text.ShouldContain($"`{code.WireName()}`");
    }

    [Fact]
    public void It_names_every_command()
    {
        foreach (var type in typeof(Command).GetNestedTypes().Where(type => type != typeof(Command.Request)))
        {
            var command = (Command)RuntimeHelpers.GetUninitializedObject(type);
            CommandReader.IsCommand(command.Type).ShouldBeTrue(command.Type);
            Text.ShouldContain($"`{command.Type}");
        }
    }

    [Fact]
    public void It_names_every_close_code_with_its_reason()
    {
        foreach (var property in typeof(CloseReason).GetProperties(BindingFlags.Public | BindingFlags.Static))
        {
            var reason = (CloseReason)property.GetValue(null)!;
            Text.ShouldContain($"| {reason.Code} |");
            Text.ShouldContain(reason.Reason);
        }
    }

    [Fact]
    public void It_names_every_event()
    {
        foreach (var type in typeof(ServerEvent).GetNestedTypes().Select(type => type.Name))
        {
            var name = type == nameof(ServerEvent.TopicUpdate) ? "data" : System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(type);
            Text.ShouldContain($"`{name}", Case.Sensitive, $"the event {name}");
        }
    }
}
