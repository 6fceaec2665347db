using Speedup.TestKit;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using TestKit.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests;

/// <summary>Functions, and networks of several modules.</summary>
public sealed class FunctionTests
{
    [Fact]
    public void Run_FunctionOfOneTensor_Passes()
    {
        KitReport report = RealPlugins.Kit.Function("relu", x => nn.functional.relu(x), 2, 6, 4, 4).OtherSizes([3, 6, 2, 5]).Run(cases: 30);

        report.ThrowIfFailed();
        Assert.True(report.Removed > 30, report.ToString());
    }

    [Fact]
    public void Run_FunctionOfTwoTensors_Passes()
    {
        var input = new KitInput([2, 6, 4])
        {
            OtherShapes =
            [
                [3, 6, 2],
            ],
        };

        RealPlugins.Kit.Function("add", inputs => [inputs[0] + inputs[1]], input, input).Run(cases: 30).ThrowIfFailed();
    }

    [Fact]
    public void Run_NetworkOfSeveralModules_Passes()
    {
        KitSubject subject = RealPlugins.Kit.Module(
            () => nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 5)),
            (module, inputs) => [module.call(inputs[0])],
            new KitInput([4, 6])
        );

        subject.Run(cases: 30).ThrowIfFailed();
    }
}
