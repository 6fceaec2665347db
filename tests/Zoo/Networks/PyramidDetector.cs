using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>
/// A feature pyramid over a residual trunk, with one detection head for all levels. Output: class scores and boxes of every
/// place on every level, <c>[N, places, classes]</c> and <c>[N, places, 4]</c>.
/// </summary>
public sealed class PyramidDetector : nn.Module<Tensor, (Tensor Scores, Tensor Boxes)>
{
    private readonly Sequential stem;
    private readonly ModuleList<Sequential> stages;
    private readonly ModuleList<Conv2d> inner_blocks;
    private readonly ModuleList<Conv2d> layer_blocks;
    private readonly Conv2d conv;
    private readonly Conv2d cls_logits;
    private readonly Conv2d bbox_pred;
    private readonly long _classes;

    public PyramidDetector(int divisor, int classes)
        : base(nameof(PyramidDetector))
    {
        _classes = classes;
        var shape = new ResNetShape([2, 2, 2, 2], false, divisor);
        int channels = Thin(64, divisor);
        int pyramid = Thin(256, divisor);
        stem = ConvNorm(3, channels, 7, 2, activation: nn.ReLU(inplace: true));
        stages = [];
        inner_blocks = [];
        layer_blocks = [];
        for (int stage = 0; stage < 4; stage++)
        {
            stages.Add(shape.Stage(stage, ref channels));
            if (stage == 0)
                continue;
            inner_blocks.Add(nn.Conv2d(channels, pyramid, 1));
            layer_blocks.Add(Conv(pyramid, pyramid, 3, bias: true));
        }
        conv = Conv(pyramid, pyramid, 3, bias: true);
        cls_logits = Conv(pyramid, classes, 3, bias: true);
        bbox_pred = Conv(pyramid, 4, 3, bias: true);
        RegisterComponents();
    }

    public override (Tensor Scores, Tensor Boxes) forward(Tensor input)
    {
        var scores = new List<Tensor>();
        var boxes = new List<Tensor>();
        foreach (Tensor level in Levels(Trunk(input)))
        {
            Tensor hidden = nn.functional.relu(conv.forward(level));
            scores.Add(Places(cls_logits.forward(hidden), _classes));
            boxes.Add(Places(bbox_pred.forward(hidden), 4));
        }
        return (cat(scores, 1), cat(boxes, 1));
    }

    private List<Tensor> Trunk(Tensor input)
    {
        Tensor x = nn.functional.max_pool2d(stem.forward(input), 3, stride: 2, padding: 1);
        var levels = new List<Tensor>();
        for (int stage = 0; stage < stages.Count; stage++)
        {
            x = stages[stage].forward(x);
            if (stage > 0)
                levels.Add(x);
        }
        return levels;
    }

    private List<Tensor> Levels(List<Tensor> trunk)
    {
        var levels = new List<Tensor>();
        Tensor? above = null;
        for (int level = trunk.Count - 1; level >= 0; level--)
        {
            Tensor x = inner_blocks[level].forward(trunk[level]);
            if (above is not null)
                x += nn.functional.interpolate(above, size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Nearest);
            levels.Insert(0, layer_blocks[level].forward(x));
            above = x;
        }
        return levels;
    }

    private static Tensor Places(Tensor map, long values) => map.permute(0, 2, 3, 1).reshape(map.shape[0], -1, values);
}
