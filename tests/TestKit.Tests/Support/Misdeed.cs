namespace TestKit.Tests.Support;

/// <summary>What a handler's <c>Replace</c> can do wrong while its result is right.</summary>
public enum Misdeed
{
    None,
    ChangesOriginal,
    LeavesTensors,
    ReturnsOriginal,
    ChangesType,
    DrawsNumbers,
}
