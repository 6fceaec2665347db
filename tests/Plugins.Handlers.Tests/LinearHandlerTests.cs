using Plugins.Handlers.Tests.Harness;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class LinearHandlerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Linear_RandomMasks_IsExact(int seed) =>
        new ModuleCheck(nn.Linear(7, 5, hasBias: seed % 2 == 0), seed)
        {
            Sizes =
            [
                [2, 3, 7],
                [1, 3, 7],
            ],
            ConstantAxis = 2,
            UnusedAxis = 2,
        }.Run();
}
