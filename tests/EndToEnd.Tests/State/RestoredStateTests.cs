using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Whatever passes write, and however a speedup ends: everything is what it was, bit for bit.</summary>
public sealed class RestoredStateTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ServiceProvider _services = new ServiceCollection().AddSpeedup().BuildServiceProvider();
    private readonly Tensor _ids = randint(0, 8, [2, 5], dtype: ScalarType.Int64);

    public static TheoryData<string> Kinds => [.. MeddlingModel.Kinds];

    private IModelSpeedup Engine => _services.GetRequiredService<IModelSpeedup>();

    public void Dispose()
    {
        _services.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_ThatIsRefused_LeavesEverythingAsItWas(string kind) =>
        AssertUnchanged(
            kind,
            model =>
            {
                var options = new SpeedupOptions { Strict = true, ProbeFunctions = false };
                var error = Assert.Throws<SpeedupException>(() => Engine.Speedup(model, [_ids], MaskSet.Empty, options));
                Assert.Equal("SPD3003", error.Code);
            }
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_WhereVerificationFails_LeavesEverythingAsItWas(string kind) =>
        AssertUnchanged(
            kind,
            model =>
            {
                using MaskSet masks = CallsInARow.Masks(model, withBias: false);
                var options = new SpeedupOptions { Tolerance = -1 };
                var error = Assert.Throws<SpeedupException>(() => Engine.Speedup(model, [_ids], masks, options));
                Assert.Equal("SPD6001", error.Code);
            }
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_OfAModelThatThrows_LeavesEverythingAsItWas(string kind) =>
        AssertUnchanged(
            kind,
            model =>
            {
                model.AtEnd = () => throw new InvalidOperationException("no");
                Assert.Throws<SpeedupException>(() => Engine.Speedup(model, [_ids], MaskSet.Empty));
            }
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_ThatIsCancelled_LeavesEverythingAsItWas(string kind) =>
        AssertUnchanged(
            kind,
            model =>
            {
                using var source = new CancellationTokenSource();
                model.AtEnd = source.Cancel;
                Assert.Throws<OperationCanceledException>(() => Engine.Speedup(model, [_ids], MaskSet.Empty, cancellation: source.Token));
            }
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_ThatSucceeds_LeavesEverythingButTheMaskedAsItWas(string kind) =>
        AssertUnchanged(kind, model => Engine.Speedup(model, [_ids], MaskSet.Empty));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trace_LeavesEverythingAsItWas(string kind) => AssertUnchanged(kind, model => Engine.Trace(model, [_ids]));

    private static void AssertUnchanged(string kind, Action<MeddlingModel> run)
    {
        using MeddlingModel model = UnusualModel.Draw(new MeddlingModel(kind));
        (model.first.weight * 2).sum().backward();
        (model.last.weight * 3).sum().backward();
        var type = get_default_dtype();
        string before = model.Describe();
        byte[] random = get_rng_state().bytes.ToArray();
        try
        {
            run(model);

            Assert.Equal(random, get_rng_state().bytes.ToArray());
            Assert.Equal(before, model.Describe());
        }
        finally
        {
            set_default_dtype(type);
            set_grad_enabled(true);
        }
    }
}
