namespace Verb.Gateway.WebSockets.Frames;

/// <summary>How a client can break the protocol, its limits or its own encoding.</summary>
internal enum ProtocolViolation
{
    None,
    ReservedBits,
    UnknownOpcode,
    NotMasked,
    FragmentedControl,
    LongControl,
    LengthNotMinimal,
    LengthTooLarge,
    NothingToContinue,
    MessageNotFinished,
    CloseTooShort,
    CloseCode,
    CloseReasonNotUtf8,
    TextNotUtf8,
    DamagedDeflate,
    MessageTooBig,
    MessageTimedOut,
}
