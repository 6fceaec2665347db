using Speedup.Onnx;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Onnx.Tests.Operators;

/// <summary>Functions of single numbers, and arithmetic of two or three operands.</summary>
public sealed class PointwiseCases
{
    private static readonly long[] Shape = [2, 3, 4];

    private static readonly Dictionary<string, OperatorCase> All = new(StringComparer.Ordinal)
    {
        ["relu"] = One(x => x.relu()),
        ["relu6"] = One(x => F.relu6(x * 5)),
        ["sigmoid"] = One(x => x.sigmoid()),
        ["tanh"] = One(x => x.tanh()),
        ["leaky_relu"] = One(x => F.leaky_relu(x, 0.2)) with { HasDouble = false },
        ["elu"] = One(x => F.elu(x, 1.3)) with { HasDouble = false },
        ["celu"] = One(x => F.celu(x, 1.3)) with { HasDouble = false },
        ["selu"] = One(x => F.selu(x)) with { HasDouble = false },
        ["silu"] = One(x => F.silu(x)),
        ["mish"] = One(x => F.mish(x)) with { HasDouble = false },
        ["gelu"] = One(x => F.gelu(x)) with { HasDouble = false },
        ["hardsigmoid"] = One(x => F.hardsigmoid(x)) with { HasDouble = false },
        ["hardswish"] = One(x => F.hardswish(x)) with { HasDouble = false },
        ["logsigmoid"] = One(x => F.logsigmoid(x)) with { HasDouble = false },
        ["softsign"] = One(x => F.softsign(x)) with { HasDouble = false },
        ["softplus"] = One(x => F.softplus(x * 9, 2, 5)) with { HasDouble = false },
        ["tanhshrink"] = One(x => F.tanhshrink(x)),
        ["hardshrink"] = One(x => F.hardshrink(x, 0.4)),
        ["softshrink"] = One(x => F.softshrink(x, 0.4)),
        ["threshold"] = One(x => F.threshold(x, 0.1, 2)),
        ["rrelu in evaluation"] = One(x => F.rrelu(x, 0.1, 0.3)) with { HasDouble = false },
        ["softmax"] = One(x => x.softmax(1)),
        ["softmax of another type"] = One(x => x.softmax(-1, ScalarType.Float32)),
        ["log_softmax"] = One(x => F.log_softmax(x, 2)),
        ["softmin"] = One(x => F.softmin(x, 1)),
        ["glu"] = One(x => F.glu(x, 2)),
        ["dropout in evaluation"] = One(x => F.dropout(x, 0.5, training: false)),
        ["abs"] = One(x => x.abs()),
        ["acos"] = One(x => (x * 0.2).acos()) with { HasDouble = false },
        ["acosh"] = One(x => (x.abs() + 1.5).acosh()) with { HasDouble = false },
        ["asin"] = One(x => (x * 0.2).asin()) with { HasDouble = false },
        ["asinh"] = One(x => x.asinh()) with { HasDouble = false },
        ["atan"] = One(x => x.atan()) with { HasDouble = false },
        ["atanh"] = One(x => (x * 0.2).atanh()) with { HasDouble = false },
        ["ceil"] = One(x => (x * 3).ceil()),
        ["cos"] = One(x => x.cos()),
        ["cosh"] = One(x => x.cosh()) with { HasDouble = false },
        ["erf"] = One(x => x.erf()) with { HasDouble = false },
        ["erfc"] = One(x => x.erfc()) with { HasDouble = false },
        ["exp"] = One(x => x.exp()),
        ["exp2"] = One(x => x.exp2()),
        ["expm1"] = One(x => x.expm1()),
        ["floor"] = One(x => (x * 3).floor()),
        ["frac"] = One(x => (x * 3).frac()),
        ["log"] = One(x => (x.abs() + 0.1).log()),
        ["log10"] = One(x => (x.abs() + 0.1).log10()),
        ["log1p"] = One(x => (x.abs() + 0.1).log1p()),
        ["log2"] = One(x => (x.abs() + 0.1).log2()),
        ["neg"] = One(x => x.neg()),
        ["unary minus"] = One(x => -x),
        ["reciprocal"] = One(x => (x.abs() + 0.5).reciprocal()),
        ["round"] = One(x => (x * 3).round()),
        ["round to decimals"] = One(x => x.round(1)),
        ["rsqrt"] = One(x => (x.abs() + 0.5).rsqrt()),
        ["sign"] = One(x => x.sign()),
        ["sin"] = One(x => x.sin()),
        ["sinh"] = One(x => x.sinh()) with { HasDouble = false },
        ["sqrt"] = One(x => x.abs().sqrt()),
        ["square"] = One(x => x.square()),
        ["tan"] = One(x => (x * 0.3).tan()) with { HasDouble = false },
        ["trunc"] = One(x => (x * 3).trunc()),
        ["deg2rad"] = One(x => x.deg2rad()),
        ["isnan and its kin"] = new(t => [(t[0] / 0).isnan(), (t[0] / 0).isinf(), (t[0] / 0).isfinite()], Shape),
        ["in place"] = One(x => x.clone().relu_().add_(1).mul_(2)),
        ["add"] = Two((x, y) => x.add(y)),
        ["add with alpha"] = Two((x, y) => x.add(y, 0.3)),
        ["operators"] = Two((x, y) => ((x + y) * (x - y)) / (y.abs() + 1)),
        ["numbers on both sides"] = Two((x, y) => (2 - x) + (1 / (y.abs() + 1)) + (x * 0.5) - 3),
        ["sub"] = Two((x, y) => x.sub(y)),
        ["mul"] = Two((x, y) => x.mul(y)),
        ["div"] = Two((x, y) => x.div(y.abs() + 1)),
        ["div down"] = Two((x, y) => (x * 9).div(y.abs() + 1, RoundingMode.floor)),
        ["div to zero"] = Two((x, y) => (x * 9).div(y.abs() + 1, RoundingMode.trunc)),
        ["floor_divide"] = Two((x, y) => (x * 9).floor_divide(y.abs() + 1)),
        ["pow"] = Two((x, y) => (x.abs() + 0.5).pow(y)),
        ["pow of a number"] = One(x => x.pow(3)),
        ["fmod"] = Two((x, y) => (x * 9).fmod(y.abs() + 1)),
        ["remainder"] = Two((x, y) => (x * 9).remainder(y.abs() + 1)),
        ["maximum"] = Two((x, y) => x.maximum(y)),
        ["minimum"] = Two((x, y) => x.minimum(y)),
        ["max of two"] = Two((x, y) => torch.max(x, y)),
        ["clamp"] = One(x => x.clamp(-0.3, 0.8)),
        ["clamp below"] = One(x => x.clamp_min(-0.3)),
        ["clamp above"] = One(x => x.clamp_max(0.3)),
        ["clamp by tensors"] = Two((x, y) => x.clamp(y - 1, y)),
        ["hypot"] = Two((x, y) => x.hypot(y)),
        ["logaddexp"] = Two((x, y) => x.logaddexp(y)),
        ["logaddexp2"] = Two((x, y) => x.logaddexp2(y)),
        ["atan2"] = Two((x, y) => x.atan2(y)) with { HasDouble = false },
        ["copysign"] = Two((x, y) => x.copysign(y)),
        ["xlogy"] = Two((x, y) => x.xlogy(y.abs() + 0.1)),
        ["lerp"] = Two((x, y) => x.lerp(y, y.sigmoid())),
        ["addcmul"] = Two((x, y) => x.addcmul(x, y, 0.4)),
        ["addcdiv"] = Two((x, y) => x.addcdiv(x, y.abs() + 1, 0.4)),
        ["comparisons"] = new(
            t => [t[0] == t[1], t[0] != t[1], t[0] < t[1], t[0] <= t[1], t[0] > t[1], t[0] >= t[1], t[0].gt(0.2), t[0].eq(t[0])],
            Shape,
            [3, 1]
        ),
        ["broadcast"] = new(t => [t[0] + t[1], t[1] * t[0]], Shape, [3, 1]),
        ["where"] = Two((x, y) => torch.where(x > 0, x, y)),
        ["masked_fill"] = Two((x, y) => x.masked_fill(y > 0, -7)),
        ["whole numbers"] = new(t => [t[0] + t[1], t[0] * 3, t[0].div(t[1] + 1), t[0].div(t[1] + 1, RoundingMode.floor)], [2, 5], [2, 5])
        {
            IsWhole = true,
        },
        ["conversions"] = One(x => (x * 5).to(ScalarType.Int64).to(ScalarType.Float32) + x.to(ScalarType.Float32)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_InOnnxRuntime_IsTorchSharps(string name) => OperatorRun.Check(All[name]);

    /// <summary>In TorchSharp 0.107.0 it returns its input; where that is put right, the file has bounds.</summary>
    [Fact]
    public void Hardtanh_ThatReturnsItsInput_IsRefused()
    {
        using Tensor x = tensor(new float[] { -3, 3 });
        using Tensor y = F.hardtanh(x, -0.4, 0.7);
        OperatorCase hardtanh = One(x => F.hardtanh(x, -0.4, 0.7));
        if (y.max().ToSingle() <= 1)
        {
            OperatorRun.Check(hardtanh);
            return;
        }

        OnnxException refusal = Assert.Throws<OnnxException>(() => OperatorRun.Check(hardtanh));

        Assert.Equal("SPD9302", refusal.Code);
        Assert.Contains("call clamp", refusal.Message, StringComparison.Ordinal);
    }

    private static OperatorCase One(Func<Tensor, Tensor> call) => new(tensors => [call(tensors[0])], Shape);

    private static OperatorCase Two(Func<Tensor, Tensor, Tensor> call) => new(tensors => [call(tensors[0], tensors[1])], Shape, Shape);
}
