using Xunit;

namespace Onnx.Tests.Networks;

/// <summary>The other half of <see cref="ZooTests"/>.</summary>
public sealed class OtherZooTests
{
    public static TheoryData<string> Networks => ZooTests.NamesOf(1);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_DenseAndSmall_GivesTheSameInOnnxRuntime(string name) => ZooTests.CheckBoth(name);
}
